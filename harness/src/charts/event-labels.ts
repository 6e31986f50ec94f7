// Where the labels of events go: slanted, side by side above the plot, in the order of time, never over one another
// nor out of the frame. Events too close to be told apart share a label.

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
  /** The events it names. */
  marks: Mark[];
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

export function layOutLabels(marks: Mark[], space: LabelSpace): Label[] {
  if (marks.length === 0) return [];
  const inOrder = [...marks].sort((a, b) => a.x - b.x);
  const twins = mergeTwins(inOrder);
  for (let reach = 0; ; reach = Math.max(2, reach * 1.4)) {
    const labels = mergeNear(twins, reach).map((group) => labelFor(group, space));
    if (labels.length === 1 || place(labels, space)) return labels;
  }
}

function mergeTwins(marks: Mark[]): Mark[][] {
  const groups: Mark[][] = [];
  for (const mark of marks) {
    const twin = groups.findLast((group) => mark.x - group[0]!.x <= TWINS && group[0]!.text === mark.text);
    if (twin) twin.push(mark);
    else groups.push([mark]);
  }
  return groups;
}

function mergeNear(groups: Mark[][], reach: number): Mark[][] {
  const merged: Mark[][] = [];
  for (const group of groups) {
    const before = merged.at(-1);
    if (before && reach > 0 && group[0]!.x - before[0]!.x <= reach) before.push(...group);
    else merged.push([...group]);
  }
  return merged;
}

function labelFor(marks: Mark[], space: LabelSpace): Label {
  const text = describe(
    marks.map((mark) => mark.text),
    (candidate) => space.measure(candidate) <= space.mostWidth,
  );
  const middle = marks.reduce((sum, mark) => sum + mark.x, 0) / marks.length;
  return {
    x: middle,
    text,
    width: space.measure(text),
    isStrong: marks.some((mark) => mark.isStrong),
    marks,
  };
}

/** "connected ×2, login +3": as many of the texts as fit, then how many events are left out. */
export function describe(texts: string[], fits: (candidate: string) => boolean): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const parts = [...counts].map(([text, count]) => ({ text: count > 1 ? `${text} ×${count}` : text, count }));
  for (let shown = parts.length; shown > 0; shown--) {
    const left = parts.slice(shown).reduce((sum, part) => sum + part.count, 0);
    const named = parts.slice(0, shown).map((part) => part.text);
    const candidate = named.join(", ") + (left > 0 ? ` +${left}` : "");
    if (fits(candidate)) return candidate;
  }
  return shorten(parts[0]!.text, parts.length > 1 ? ` +${texts.length - parts[0]!.count}` : "", fits);
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
  const pitch = space.lineHeight / Math.sin(SLANT);
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
