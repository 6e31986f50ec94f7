// The layout of a sequence diagram. Time runs downwards, one row for each message; long pauses take a little more. The
// events of a participant are in order on its line. An arrow is level unless its message arrived visibly later, or after
// an event that is drawn below. Pure: the page and the SVG file share it.
import type { SequenceData, SequenceMark, SequenceMessage } from "./sequence-data.ts";

export interface SequenceSpace {
  /** The room for the times at the left. */
  gutter: number;
  columnGap: number;
  /** The room outside the first and the last column. */
  margin: number;
  rowHeight: number;
}

export interface Arrow {
  message: SequenceMessage;
  fromX: number;
  fromY: number;
  toX: number;
  toY: number;
  isLost: boolean;
}

export interface LaidOutMark extends SequenceMark {
  /** The top of its row; the phase or outage extends down to the next mark of its kind. */
  top: number;
  bottom: number;
  /** Phases alternate. */
  isOdd: boolean;
  /** It began in an earlier part. */
  isBegun?: boolean;
}

export interface SequenceLayout {
  width: number;
  height: number;
  rowHeight: number;
  columnGap: number;
  columns: { x: number; label: string }[];
  /** One line for each life of a process; a cross-bar marks its end. */
  lifelines: { x: number; top: number; bottom: number }[];
  arrows: Arrow[];
  marks: LaidOutMark[];
  times: { y: number; text: string }[];
}

/** A message that took at least this long has a slanted arrow. */
const VISIBLE_MS = 10;
/** Longer pauses take more room, by their logarithm. */
const PAUSE_MS = 150;

export function layOutSequence(
  data: SequenceData,
  messages: readonly SequenceMessage[],
  space: SequenceSpace,
): SequenceLayout {
  const { gutter, columnGap, margin, rowHeight } = space;
  const columns = data.participants.map(({ label }, index) => ({
    x: gutter + margin + index * columnGap,
    label,
  }));
  const rows = new Rows(messages, data.marks, rowHeight);
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
    arrows: messages.map((message, index) => ({
      message,
      fromX: columns[message.from]!.x,
      fromY: rows.sentY[index]!,
      toX: columns[message.to]!.x,
      toY: rows.receivedY[index]!,
      isLost: message.receivedMs === null,
    })),
    marks: rows.marks,
    times: rows.times,
  };
}

type Moment = { atMs: number } & (
  | { kind: "mark"; mark: SequenceMark }
  | { kind: "sent" | "received"; index: number }
);

/** Goes through the run moment by moment and assigns each its height. */
class Rows {
  readonly sentY: number[] = [];
  readonly receivedY: number[] = [];
  readonly marks: LaidOutMark[] = [];
  readonly times: { y: number; text: string }[] = [];
  bottom = 0;
  readonly #messages: readonly SequenceMessage[];
  readonly #rowHeight: number;
  /** The lowest point used on each participant's line. */
  readonly #lowest = new Map<number, number>();
  readonly #known: { atMs: number; y: number }[] = [];
  #pendingMarks: SequenceMark[] = [];

  constructor(messages: readonly SequenceMessage[], marks: readonly SequenceMark[], rowHeight: number) {
    this.#messages = messages;
    this.#rowHeight = rowHeight;
    for (const moment of momentsInOrder(messages, marks)) {
      if (moment.kind === "mark") this.#holdMark(moment.mark);
      else if (moment.kind === "sent") this.#send(moment.index);
      else this.#receive(moment.index);
    }
    for (const [index, one] of messages.entries()) {
      if (one.receivedMs === null) this.receivedY[index] = this.sentY[index]! + rowHeight * 0.3;
    }
    for (const [index, mark] of this.marks.entries()) {
      mark.isOdd = this.marks.slice(0, index).filter(({ kind }) => kind === "phase").length % 2 === 1;
      const next = this.marks.find(({ kind }, later) => later > index && kind === mark.kind);
      mark.bottom = next?.top ?? this.bottom + rowHeight;
    }
  }

  /** Before the first and after the last message: the edge of the diagram. */
  yAt(atMs: number, height: number): number {
    const next = this.#known.findIndex((one) => one.atMs >= atMs);
    if (next === 0) return 0;
    if (next < 0) return height;
    const [before, after] = [this.#known[next - 1]!, this.#known[next]!];
    const share = (atMs - before.atMs) / Math.max(after.atMs - before.atMs, 1e-9);
    return before.y + (after.y - before.y) * share;
  }

  /** A phase without messages takes no room. */
  #holdMark(mark: SequenceMark): void {
    const others = this.#pendingMarks.filter(({ kind }) => kind !== "phase" || mark.kind !== "phase");
    this.#pendingMarks = [...others, mark];
  }

  #send(index: number): void {
    const { sentMs, from } = this.#messages[index]!;
    const marks = this.#pendingMarks.splice(0);
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
    const { sentMs, receivedMs, from, to, folded } = this.#messages[index]!;
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

function momentsInOrder(messages: readonly SequenceMessage[], marks: readonly SequenceMark[]): Moment[] {
  const moments: Moment[] = [
    ...marks.map((mark) => ({ kind: "mark" as const, atMs: mark.atMs, mark })),
    ...messages.map(({ sentMs }, index) => ({ kind: "sent" as const, atMs: sentMs, index })),
    ...messages.flatMap(({ receivedMs }, index) =>
      receivedMs === null ? [] : [{ kind: "received" as const, atMs: receivedMs, index }],
    ),
  ];
  // The sort is stable: at one moment marks come first, then sending, then arrival.
  return moments.sort((one, other) => one.atMs - other.atMs);
}

export function secondsOf(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
