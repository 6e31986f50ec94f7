// Where the labels of events go: slanted, side by side above the plot, in the order of time, never over one another
// nor out of the frame. Events that stand too close share a label. The work grows in proportion to the events.
import { mean } from "../statistics/totals.ts";
import { grouped } from "../text/quantities.ts";

export interface Mark {
  /** Where the event stands on the time axis. */
  x: number;
  text: string;
  /** The label is drawn strong if any of its events is. */
  isStrong: boolean;
}

export interface Label {
  /** Where the text begins, on the label line; it runs up and to the right from there. */
  x: number;
  text: string;
  width: number;
  isStrong: boolean;
  /** The events it stands for. */
  marks: Mark[];
  /** How many of them its text only counts. */
  unnamed: number;
}

export interface LabelSpace {
  left: number;
  right: number;
  lineHeight: number;
  mostWidth: number;
  /** How far a label may stand from its event, before events are merged instead. */
  mostShift: number;
  measure: (text: string) => number;
}

export const SLANT = Math.PI / 4;

/** Of equal labels this close, one is written, with a count. */
const TWINS = 12;

/** No label has room for more texts. */
const MOST_TEXTS = 16;

export function layOutLabels(marks: Mark[], space: LabelSpace): Label[] {
  if (marks.length === 0) return [];
  const inOrder = [...marks].sort((a, b) => a.x - b.x);
  const twins = mergeTwins(inOrder);
  const mostLabels = Math.max(1, (space.right - space.left) / pitchOf(space) + 1);
  for (let reach = 0; ; reach = Math.max(2, reach * 1.4)) {
    const groups = mergeNear(twins, reach);
    if (groups.length > mostLabels) continue;
    const labels = groups.map((group) => labelFor(group, space));
    if (labels.length === 1 || place(labels, space)) return labels;
  }
}

/** The distance between two labels. */
function pitchOf({ lineHeight }: LabelSpace): number {
  return lineHeight / Math.sin(SLANT);
}

function mergeTwins(marks: Mark[]): Mark[][] {
  const groups: Mark[][] = [];
  const latest = new Map<string, Mark[]>();
  for (const mark of marks) {
    const twin = latest.get(mark.text);
    if (twin && mark.x - twin[0]!.x <= TWINS) {
      twin.push(mark);
    } else {
      const group = [mark];
      groups.push(group);
      latest.set(mark.text, group);
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
    (candidate) => space.measure(candidate) <= space.mostWidth,
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

/** "connected ×2, login +3": as many of the texts as fit, then how many events are left out. */
export function describe(
  texts: string[],
  fits: (candidate: string) => boolean,
): { text: string; unnamed: number } {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const parts = [...counts]
    .slice(0, MOST_TEXTS)
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

/** Moves the labels apart, as little as possible in all; false if they need more room than there is. */
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
    if (most < space.left || Math.abs(x - label.x) > space.mostShift) isRoomy = false;
    label.x = x;
  }
  return isRoomy;
}
