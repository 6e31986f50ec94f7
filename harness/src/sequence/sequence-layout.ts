// Where everything of a sequence diagram goes. Time runs downwards, a row for each message; long pauses take a little
// more. What happens to one participant stands in its order on that participant's line: an arrow is level unless it
// arrived visibly later, or after something that stands below. Pure: the page and the SVG file share it.
import type { Said, SequenceData, SequenceMark } from "./sequence-data.ts";

export interface SequenceSpace {
  /** For the times, at the left. */
  gutter: number;
  columnGap: number;
  /** Outside the first and the last column. */
  margin: number;
  rowHeight: number;
}

export interface Arrow {
  said: Said;
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  isLost: boolean;
}

export interface LaidOutMark extends SequenceMark {
  /** Of its row; what it tells of goes on until the next of its kind. */
  top: number;
  bottom: number;
  /** Phases alternate. */
  isOdd: boolean;
  /** It began in the part before. */
  isBegun?: boolean;
}

export interface SequenceLayout {
  width: number;
  height: number;
  rowHeight: number;
  columnGap: number;
  columns: { x: number; label: string }[];
  /** A piece for each life; it ends with a cross-bar where the process did. */
  lifelines: { x: number; top: number; bottom: number }[];
  arrows: Arrow[];
  marks: LaidOutMark[];
  times: { y: number; text: string }[];
}

/** Later than this a message visibly took its time. */
const VISIBLE_MS = 10;
/** Pauses from here on take more room, by their logarithm. */
const PAUSE_MS = 150;

export function layOutSequence(
  data: SequenceData,
  said: readonly Said[],
  space: SequenceSpace,
): SequenceLayout {
  const { gutter, columnGap, margin, rowHeight } = space;
  const columns = data.participants.map(({ label }, index) => ({
    x: gutter + margin + index * columnGap,
    label,
  }));
  const rows = new Rows(said, data.marks, rowHeight);
  const height = rows.bottom + rowHeight;
  return {
    width: gutter + 2 * margin + columnGap * Math.max(0, columns.length - 1),
    height,
    rowHeight,
    columnGap,
    columns,
    lifelines: data.participants.flatMap(({ lives }, index) => {
      const { x } = columns[index]!;
      if (lives.length === 0) return [{ x, top: 0, bottom: height }];
      return lives.map(({ startMs, endMs }) => ({
        x,
        top: rows.yAt(startMs, height),
        bottom: rows.yAt(endMs, height),
      }));
    }),
    arrows: said.map((one, index) => ({
      said: one,
      fromX: columns[one.from]!.x,
      fromY: rows.sentY[index]!,
      toX: columns[one.to]!.x,
      toY: rows.receivedY[index]!,
      isLost: one.receivedMs === null,
    })),
    marks: rows.marks,
    times: rows.times,
  };
}

type Moment = { atMs: number } & (
  | { kind: "mark"; mark: SequenceMark }
  | { kind: "sent" | "received"; index: number }
);

/** Goes through the run, moment by moment, and gives each its place. */
class Rows {
  readonly sentY: number[] = [];
  readonly receivedY: number[] = [];
  readonly marks: LaidOutMark[] = [];
  readonly times: { y: number; text: string }[] = [];
  bottom = 0;
  readonly #said: readonly Said[];
  readonly #rowHeight: number;
  /** The lowest place used on each participant's line. */
  readonly #lowest = new Map<number, number>();
  readonly #known: { atMs: number; y: number }[] = [];
  #waiting: SequenceMark[] = [];

  constructor(said: readonly Said[], marks: readonly SequenceMark[], rowHeight: number) {
    this.#said = said;
    this.#rowHeight = rowHeight;
    for (const moment of momentsInOrder(said, marks)) {
      if (moment.kind === "mark") this.#wait(moment.mark);
      else if (moment.kind === "sent") this.#send(moment.index);
      else this.#receive(moment.index);
    }
    for (const [index, one] of said.entries()) {
      if (one.receivedMs === null) this.receivedY[index] = this.sentY[index]! + rowHeight * 0.3;
    }
    for (const [index, mark] of this.marks.entries()) {
      mark.isOdd = this.marks.slice(0, index).filter(({ kind }) => kind === "phase").length % 2 === 1;
      const next = this.marks.find(({ kind }, later) => later > index && kind === mark.kind);
      mark.bottom = next?.top ?? this.bottom + rowHeight;
    }
  }

  /** Before the first and after the last message the edge. */
  yAt(atMs: number, height: number): number {
    const next = this.#known.findIndex((one) => one.atMs >= atMs);
    if (next === 0) return 0;
    if (next < 0) return height;
    const [before, after] = [this.#known[next - 1]!, this.#known[next]!];
    const share = (atMs - before.atMs) / Math.max(after.atMs - before.atMs, 1e-9);
    return before.y + (after.y - before.y) * share;
  }

  /** A phase in which nothing is said takes no room. */
  #wait(mark: SequenceMark): void {
    const others = this.#waiting.filter(({ kind }) => kind !== "phase" || mark.kind !== "phase");
    this.#waiting = [...others, mark];
  }

  #send(index: number): void {
    const { sentMs, from } = this.#said[index]!;
    const marks = this.#waiting.splice(0);
    for (const mark of marks) {
      this.marks.push({ ...mark, top: this.bottom + this.#rowHeight * 0.5, bottom: 0, isOdd: false });
      this.bottom += this.#rowHeight * 1.4;
    }
    const pauseMs = sentMs - (this.#known.at(-1)?.atMs ?? sentMs);
    const pauses =
      pauseMs > PAUSE_MS && marks.length === 0 ? Math.min(1, 0.22 * Math.log2(pauseMs / PAUSE_MS)) : 0;
    const y = this.bottom + this.#rowHeight * (1 + pauses);
    this.sentY[index] = y;
    this.#reach(from, y);
    this.#known.push({ atMs: sentMs, y });
    const text = secondsOf(sentMs);
    if (this.times.at(-1)?.text !== text) this.times.push({ y, text });
  }

  #receive(index: number): void {
    const { sentMs, receivedMs, from, to, folded } = this.#said[index]!;
    const sentY = this.sentY[index]!;
    if (folded) {
      this.receivedY[index] = sentY;
      return;
    }
    const isLate = (receivedMs ?? sentMs) - sentMs >= VISIBLE_MS;
    const lowest = this.#lowest.get(to) ?? 0;
    const level = from === to ? sentY + this.#rowHeight * 0.4 : sentY;
    const below = lowest > sentY ? lowest + this.#rowHeight * 0.35 : level;
    const y = Math.max(below, isLate ? sentY + this.#rowHeight * 0.55 : 0);
    this.receivedY[index] = y;
    this.#reach(to, y);
  }

  #reach(participant: number, y: number): void {
    this.#lowest.set(participant, Math.max(y, this.#lowest.get(participant) ?? 0));
    this.bottom = Math.max(this.bottom, y);
  }
}

function momentsInOrder(said: readonly Said[], marks: readonly SequenceMark[]): Moment[] {
  const moments: Moment[] = [
    ...marks.map((mark) => ({ kind: "mark" as const, atMs: mark.atMs, mark })),
    ...said.map(({ sentMs }, index) => ({ kind: "sent" as const, atMs: sentMs, index })),
    ...said.flatMap(({ receivedMs }, index) =>
      receivedMs === null ? [] : [{ kind: "received" as const, atMs: receivedMs, index }],
    ),
  ];
  // Stable: at one moment marks come first, and nothing arrives before it is sent.
  return moments.sort((one, other) => one.atMs - other.atMs);
}

export function secondsOf(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
