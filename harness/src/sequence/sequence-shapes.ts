// The shapes of a laid-out sequence diagram as plain data with class names. The SVG file turns them into text, the page
// into elements. Pure.
import { rounded } from "../text/quantities.ts";
import { foldedInWords } from "./fold.ts";
import { OVER, type SequenceData, type SequenceMessage } from "./sequence-data.ts";
import { type Arrow, type LaidOutMark, type SequenceLayout, secondsOf } from "./sequence-layout.ts";

export type ShapeTag = "g" | "line" | "path" | "rect" | "circle" | "text" | "tspan" | "title";

export interface Shape {
  tag: ShapeTag;
  attributes: Record<string, string | number>;
  children: (Shape | string)[];
}

/** The monospaced letters of messages; their fixed width tells how many fit. */
export const LETTER = { size: 12, width: 7.25 } as const;

const HEAD = { length: 8, halfWidth: 3.4 } as const;
const CLEAR = 9;

export function shape(
  tag: ShapeTag,
  attributes: Shape["attributes"] = {},
  ...children: (Shape | string)[]
): Shape {
  return { tag, attributes, children };
}

/** The names above the columns; the lifelines begin at `height`. */
export function headShapes({ columns, columnGap }: SequenceLayout, height: number): Shape[] {
  return columns.map(({ x, label }) => {
    const width = Math.min(columnGap - 12, Math.max(72, label.length * 9 + 28));
    const top = 4;
    return shape(
      "g",
      { class: "participant" },
      shape("rect", {
        class: "participant-box",
        x: x - width / 2,
        y: top,
        width,
        height: height - top,
        rx: 7,
      }),
      shape("text", { x, y: top + (height - top) / 2 + 5, "text-anchor": "middle" }, label),
    );
  });
}

export function bodyShapes(data: SequenceData, layout: SequenceLayout): Shape[] {
  const { marks, lifelines, times, columns, rowHeight } = layout;
  const left = (columns[0]?.x ?? 0) - 24;
  return [
    ...marks.filter(({ kind }) => kind === "phase").map((mark) => bandShape(mark, layout)),
    ...marks.filter(isOutage).map((mark) => bandShape(mark, layout)),
    ...lifelines.flatMap(({ x, top, bottom }) => [
      shape("line", { class: "lifeline", x1: x, x2: x, y1: toTenths(top), y2: toTenths(bottom) }),
      ...(bottom < layout.height
        ? [
            shape("line", {
              class: "lifeline-end",
              x1: x - 7,
              x2: x + 7,
              y1: toTenths(bottom),
              y2: toTenths(bottom),
            }),
          ]
        : []),
    ]),
    ...marks
      .filter(({ kind, isBegun }) => kind === "phase" || !isBegun)
      .map(nameShape((columns[0]?.x ?? 0) + CLEAR, rowHeight)),
    ...times.map(({ y, text }) =>
      shape("text", { class: "time", x: left - 10, y: toTenths(y + 4), "text-anchor": "end" }, text),
    ),
    ...layout.arrows.map((arrow) => arrowShape(arrow, data)),
    // Drawn over all arrows, so that each text is readable where another arrow crosses it.
    ...layout.arrows.map((arrow) => messageShape(arrow, data, layout)),
  ];
}

function isOutage({ kind, label }: LaidOutMark): boolean {
  return kind === "outage" && !label.endsWith(OVER);
}

function bandShape({ kind, top, bottom, isOdd }: LaidOutMark, { width, columns }: SequenceLayout): Shape {
  const left = (columns[0]?.x ?? 0) - 30;
  const names = kind === "phase" && isOdd ? "phase-band phase-band-odd" : `${kind}-band`;
  const height = toTenths(Math.max(0, bottom - top));
  return shape("rect", { class: names, x: left, y: toTenths(top), width: width - left - 4, height, rx: 5 });
}

function nameShape(x: number, rowHeight: number) {
  return ({ label, kind, top, isBegun }: LaidOutMark): Shape =>
    shape(
      "text",
      { class: `${kind}-name`, x, y: toTenths(top + rowHeight * 0.72) },
      isBegun ? `${label}, continued` : label,
    );
}

function arrowShape(arrow: Arrow, data: SequenceData): Shape {
  const { message, fromX, fromY, toX, isLost } = arrow;
  const { colour } = data.flows[message.flow]!;
  const line = fromX === toX ? loop(arrow) : isLost ? lost(arrow) : straight(arrow);
  return shape(
    "g",
    {},
    shape("path", {
      class: message.text === null ? "arrow encrypted" : "arrow",
      stroke: colour,
      d: line.shaft,
    }),
    shape("circle", { fill: colour, cx: fromX, cy: toTenths(fromY), r: 2.4 }),
    shape("path", isLost ? { class: "arrow", stroke: colour, d: line.head } : { fill: colour, d: line.head }),
  );
}

function messageShape(
  arrow: Arrow,
  data: SequenceData,
  { arrows, columnGap, rowHeight }: SequenceLayout,
): Shape {
  const { message, fromX, fromY, toX } = arrow;
  const isToTheRight = toX >= fromX;
  const label = labelOf(message, Math.floor((columnGap - 2 * CLEAR) / LETTER.width));
  const letters = label.reduce((sum, { children }) => sum + [...String(children[0])].length, 0);
  const width = letters * LETTER.width + 4;
  const x = isToTheRight ? fromX + CLEAR : fromX - CLEAR;
  const box = {
    x: toTenths(isToTheRight ? x - 2 : x - width + 2),
    y: toTenths(fromY - 16),
    width: toTenths(width),
    height: 14,
  };
  const reach = fromX === toX ? columnGap / 2 : Math.abs(toX - fromX);
  const hit = {
    x: Math.min(fromX, toX),
    y: toTenths(fromY - rowHeight * 0.75),
    width: reach,
    height: rowHeight,
  };
  return shape(
    "g",
    { class: "message" },
    shape("title", {}, inFull(message, data).join("\n")),
    shape("rect", { class: "hit", ...hit }),
    ...(arrows.some((other) => other !== arrow && crosses(other, box))
      ? [shape("rect", { class: "backing", ...box, rx: 3 })]
      : []),
    shape(
      "text",
      { class: "line", x, y: toTenths(fromY - 5), "text-anchor": isToTheRight ? "start" : "end" },
      ...label,
    ),
  );
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Only slanted arrows can cross the text of other messages. */
function crosses({ fromX, fromY, toX, toY }: Arrow, { x, y, width, height }: Box): boolean {
  if (Math.abs(toY - fromY) < 1 || fromX === toX) return false;
  const [left, right] = [Math.max(x, Math.min(fromX, toX)), Math.min(x + width, Math.max(fromX, toX))];
  if (left >= right) return false;
  const yAt = (at: number) => fromY + ((at - fromX) / (toX - fromX)) * (toY - fromY);
  const [high, low] = [yAt(left), yAt(right)].sort((one, other) => one - other);
  return low! > y && high! < y + height;
}

interface Drawn {
  shaft: string;
  head: string;
}

function straight({ message, fromX, fromY, toX, toY }: Arrow): Drawn {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const end = { x: toX - HEAD.length * Math.cos(angle), y: toY - HEAD.length * Math.sin(angle) };
  const back = message.folded?.isBothWays ? headAt(fromX, fromY, angle + Math.PI) : "";
  return { shaft: `${moveTo(fromX, fromY)}${lineTo(end.x, end.y)}`, head: headAt(toX, toY, angle) + back };
}

/** An arrow that stops before its end, with a cross. */
function lost({ fromX, fromY, toX, toY }: Arrow): Drawn {
  const x = fromX + (toX - fromX) * 0.85;
  const y = fromY + (toY - fromY) * 0.85;
  return {
    shaft: `${moveTo(fromX, fromY)}${lineTo(x, y)}`,
    head: `${moveTo(x - 4, y - 4)}${lineTo(x + 4, y + 4)}${moveTo(x - 4, y + 4)}${lineTo(x + 4, y - 4)}`,
  };
}

/** An arrow from a participant to itself. */
function loop({ fromX, fromY, toY }: Arrow): Drawn {
  const far = fromX + 26;
  const shaft = `${moveTo(fromX, fromY)}${lineTo(far, fromY)}${lineTo(far, toY)}${lineTo(fromX + HEAD.length, toY)}`;
  return { shaft, head: headAt(fromX, toY, Math.PI) };
}

function headAt(x: number, y: number, angle: number): string {
  const corner = (side: number) => {
    const along = HEAD.length * Math.cos(angle) - side * HEAD.halfWidth * Math.sin(angle);
    const across = HEAD.length * Math.sin(angle) + side * HEAD.halfWidth * Math.cos(angle);
    return lineTo(x - along, y - across);
  };
  return `${moveTo(x, y)}${corner(1)}${corner(-1)}Z`;
}

function moveTo(x: number, y: number): string {
  return `M${toTenths(x)} ${toTenths(y)}`;
}

function lineTo(x: number, y: number): string {
  return `L${toTenths(x)} ${toTenths(y)}`;
}

function toTenths(length: number): number {
  return rounded(length, 1);
}

function labelOf(message: SequenceMessage, maxLetters: number): Shape[] {
  const { name, detail, optional = "" } = inShort(message);
  const whole = [...`${name}${detail}${optional}`];
  const letters = whole.length <= maxLetters ? whole : [...`${name}${detail}`];
  const shown = letters.length <= maxLetters ? letters : [...letters.slice(0, maxLetters - 1), "…"];
  const nameLength = [...name].length;
  return [
    ...(name === "" ? [] : [shape("tspan", { class: "type" }, shown.slice(0, nameLength).join(""))]),
    ...(shown.length > nameLength ? [shape("tspan", {}, shown.slice(nameLength).join(""))] : []),
  ];
}

/** `optional` is shown only if everything fits. */
function inShort(message: SequenceMessage): { name: string; detail: string; optional?: string } {
  const { folded, text, type, bytes } = message;
  if (folded)
    return {
      name: foldedInWords(folded.counts),
      detail: "",
      optional: ` until ${secondsOf(folded.untilMs)}`,
    };
  if (text === null) return { name: "", detail: `${bytes} bytes`, optional: ", encrypted" };
  const isNamed = type !== null && text.startsWith(type);
  return isNamed ? { name: type, detail: text.slice(type.length) } : { name: "", detail: text };
}

/** A message in full: time, participants, size and text, one line each. */
export function inFull(message: SequenceMessage, { participants, flows }: SequenceData): string[] {
  const { sentMs, receivedMs, bytes, text, folded } = message;
  const way =
    receivedMs === null ? "arrival not seen" : `arrived after ${(receivedMs - sentMs).toFixed(2)} ms`;
  const names = `${participants[message.from]?.label} ${folded?.isBothWays ? "↔" : "→"} ${participants[message.to]?.label}`;
  return [
    `${(sentMs / 1_000).toFixed(4)} s  ${names}, ${flows[message.flow]?.label}`,
    folded
      ? `${foldedInWords(folded.counts)}, the last at ${secondsOf(folded.untilMs)} s, ${bytes.toLocaleString("en-US")} bytes`
      : `${bytes.toLocaleString("en-US")} ${bytes === 1 ? "byte" : "bytes"}, ${way}`,
    folded ? `the first: ${text ?? "encrypted"}` : (text ?? "encrypted"),
  ];
}
