// Places the labels of events: slanted, side by side above the plot, in the order of time, without overlaps and inside
// the frame. Events that are too close share a label. Takes time in proportion to the number of events.
import { mean } from "../statistics/totals.ts";
import { grouped } from "../text/quantities.ts";

export interface Mark {
  /** Where the event stands on the time axis. */
  x: number;
  text: string;
  /** A label is emphasised if any of its events is. */
  isStrong: boolean;
}

export interface Label {
  /** The start of the text on the label line, from which it runs up and to the right. */
  x: number;
  text: string;
  width: number;
  isStrong: boolean;
  /** The events that the label covers. */
  marks: Mark[];
  /** The number of events that the text only counts. */
  unnamed: number;
}

export interface LabelSpace {
  left: number;
  right: number;
  lineHeight: number;
  maxWidth: number;
  /** The largest distance of a label from its event; beyond it, events are merged. */
  maxShift: number;
  measure: (text: string) => number;
}

export const SLANT = Math.PI / 4;

/** Equal labels within this distance become one label with a count. */
const MERGE_DISTANCE = 12;

/** No label has room for more texts. */
const MAX_TEXTS = 16;

export function layOutLabels(marks: Mark[], space: LabelSpace): Label[] {
  if (marks.length === 0) return [];
  const inOrder = [...marks].sort((a, b) => a.x - b.x);
  const merged = mergeEqual(inOrder);
  const maxLabels = Math.max(1, (space.right - space.left) / pitchOf(space) + 1);
  for (let reach = 0; ; reach = Math.max(2, reach * 1.4)) {
    const groups = mergeNear(merged, reach);
    if (groups.length > maxLabels) continue;
    const labels = groups.map((group) => labelFor(group, space));
    // A single label is moved inside as well, even if that is far.
    if (place(labels, space) || labels.length === 1) return labels;
  }
}

/** The distance between two labels. */
function pitchOf({ lineHeight }: LabelSpace): number {
  return lineHeight / Math.sin(SLANT);
}

function mergeEqual(marks: Mark[]): Mark[][] {
  const groups: Mark[][] = [];
  const latest = new Map<string, Mark[]>();
  for (const mark of marks) {
    const group = latest.get(mark.text);
    if (group && mark.x - group[0]!.x <= MERGE_DISTANCE) {
      group.push(mark);
    } else {
      const started = [mark];
      groups.push(started);
      latest.set(mark.text, started);
    }
  }
  return groups;
}

function mergeNear(groups: Mark[][], reach: number): Mark[][] {
  const merged: Mark[][] = [];
  for (const group of groups) {
    const before = merged.at(-1);
    if (before && reach > 0 && group[0]!.x - before[0]!.x <= reach)
      for (const mark of group) before.push(mark);
    else merged.push([...group]);
  }
  return merged;
}

function labelFor(marks: Mark[], space: LabelSpace): Label {
  const { text, unnamed } = describe(
    marks.map((mark) => mark.text),
    (candidate) => space.measure(candidate) <= space.maxWidth,
  );
  return {
    x: mean(marks.map((mark) => mark.x)),
    text,
    width: space.measure(text),
    isStrong: marks.some((mark) => mark.isStrong),
    marks,
    unnamed,
  };
}

/** "connected ×2, login +3": as many texts as fit, then the number of events left out. */
export function describe(
  texts: string[],
  fits: (candidate: string) => boolean,
): { text: string; unnamed: number } {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const parts = [...counts]
    .slice(0, MAX_TEXTS)
    .map(([text, count]) => ({ text: count > 1 ? `${text} ×${grouped(count)}` : text, count }));
  let unnamed = texts.length - parts.reduce((named, { count }) => named + count, 0);
  const ending = () => (unnamed > 0 ? ` +${grouped(unnamed)}` : "");
  for (let shown = parts.length; shown > 0; shown--) {
    const named = parts.slice(0, shown).map((part) => part.text);
    const text = named.join(", ") + ending();
    if (fits(text)) return { text, unnamed };
    if (shown > 1) unnamed += parts[shown - 1]!.count;
  }
  return { text: shorten(parts[0]!.text, ending(), fits), unnamed };
}

/** Cuts the text until it fits with an ellipsis and the ending. */
export function shorten(text: string, ending: string, fits: (candidate: string) => boolean): string {
  const letters = [...text];
  if (fits(text + ending)) return text + ending;
  while (letters.length > 1 && !fits(`${letters.join("").trimEnd()}…${ending}`)) letters.pop();
  return `${letters.join("").trimEnd()}…${ending}`;
}

/** Moves the labels apart by as little as possible in total; false if there is not enough room. */
function place(labels: Label[], space: LabelSpace): boolean {
  const pitch = pitchOf(space);
  const slotOf = (label: Label, index: number) => label.x - index * pitch;
  // With the pitch taken off, "apart" becomes "in order": the nearest ordered positions are the means of the runs
  // that are out of order (pool adjacent violators).
  const runs: { sum: number; count: number }[] = [];
  for (const [index, label] of labels.entries()) {
    let run = { sum: slotOf(label, index), count: 1 };
    for (let last = runs.at(-1); last && last.sum / last.count > run.sum / run.count; last = runs.at(-1)) {
      run = { sum: last.sum + run.sum, count: last.count + run.count };
      runs.pop();
    }
    runs.push(run);
  }
  const slots = runs.flatMap((run) => new Array<number>(run.count).fill(run.sum / run.count));
  let most = Number.POSITIVE_INFINITY;
  let isRoomy = true;
  for (let index = labels.length - 1; index >= 0; index--) {
    const label = labels[index]!;
    const overhang = label.width * Math.cos(SLANT) + (space.lineHeight / 2) * Math.sin(SLANT);
    most = Math.min(most, space.right - overhang - index * pitch);
    const x = Math.min(Math.max(slots[index]!, space.left), most) + index * pitch;
    if (most < space.left || Math.abs(x - label.x) > space.maxShift) isRoomy = false;
    label.x = x;
  }
  return isRoomy;
}
