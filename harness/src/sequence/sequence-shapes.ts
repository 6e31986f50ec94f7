// The shapes of a laid-out sequence diagram, as plain data with class names: the SVG file and the page turn the same ones
// into text and into elements. Pure.
import { foldedInWords } from "./fold.ts";
import { OVER, type Said, type SequenceData } from "./sequence-data.ts";
import { type Arrow, type LaidOutMark, type SequenceLayout, secondsOf } from "./sequence-layout.ts";

export type ShapeTag = "g" | "line" | "path" | "rect" | "circle" | "text" | "tspan" | "title";

export interface Shape {
  tag: ShapeTag;
  attributes: Record<string, string | number>;
  children: (Shape | string)[];
}

/** Of the letters in which messages are written: they have one width, so what fits can be counted. */
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

/** The names over the columns; their lines begin at `height`. */
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
      shape("line", { class: "lifeline", x1: x, x2: x, y1: tidy(top), y2: tidy(bottom) }),
      ...(bottom < layout.height
        ? [shape("line", { class: "lifeline-end", x1: x - 7, x2: x + 7, y1: tidy(bottom), y2: tidy(bottom) })]
        : []),
    ]),
    ...marks
      .filter(({ kind, isBegun }) => kind === "phase" || !isBegun)
      .map(nameShape((columns[0]?.x ?? 0) + CLEAR, rowHeight)),
    ...times.map(({ y, text }) =>
      shape("text", { class: "time", x: left - 10, y: tidy(y + 4), "text-anchor": "end" }, text),
    ),
    ...layout.arrows.map((arrow) => arrowShape(arrow, data)),
    // Over all arrows, so that each can be read where another arrow crosses it.
    ...layout.arrows.map((arrow) => saidShape(arrow, data, layout)),
  ];
}

function isOutage({ kind, label }: LaidOutMark): boolean {
  return kind === "outage" && !label.endsWith(OVER);
}

function bandShape({ kind, top, bottom, isOdd }: LaidOutMark, { width, columns }: SequenceLayout): Shape {
  const left = (columns[0]?.x ?? 0) - 30;
  const names = kind === "phase" && isOdd ? "phase-band phase-band-odd" : `${kind}-band`;
  const height = tidy(Math.max(0, bottom - top));
  return shape("rect", { class: names, x: left, y: tidy(top), width: width - left - 4, height, rx: 5 });
}

function nameShape(x: number, rowHeight: number) {
  return ({ label, kind, top, isBegun }: LaidOutMark): Shape =>
    shape(
      "text",
      { class: `${kind}-name`, x, y: tidy(top + rowHeight * 0.72) },
      isBegun ? `${label}, continued` : label,
    );
}

function arrowShape(arrow: Arrow, data: SequenceData): Shape {
  const { said, fromX, fromY, toX, isLost } = arrow;
  const { colour } = data.flows[said.flow]!;
  const line = fromX === toX ? loop(arrow) : isLost ? lost(arrow) : straight(arrow);
  return shape(
    "g",
    {},
    shape("path", { class: said.text === null ? "arrow encrypted" : "arrow", stroke: colour, d: line.shaft }),
    shape("circle", { fill: colour, cx: fromX, cy: tidy(fromY), r: 2.4 }),
    shape("path", isLost ? { class: "arrow", stroke: colour, d: line.head } : { fill: colour, d: line.head }),
  );
}

function saidShape(
  arrow: Arrow,
  data: SequenceData,
  { arrows, columnGap, rowHeight }: SequenceLayout,
): Shape {
  const { said, fromX, fromY, toX } = arrow;
  const isToTheRight = toX >= fromX;
  const label = labelOf(said, Math.floor((columnGap - 2 * CLEAR) / LETTER.width));
  const letters = label.reduce((sum, { children }) => sum + [...String(children[0])].length, 0);
  const width = letters * LETTER.width + 4;
  const x = isToTheRight ? fromX + CLEAR : fromX - CLEAR;
  const box = {
    x: tidy(isToTheRight ? x - 2 : x - width + 2),
    y: tidy(fromY - 16),
    width: tidy(width),
    height: 14,
  };
  const reach = fromX === toX ? columnGap / 2 : Math.abs(toX - fromX);
  const hit = { x: Math.min(fromX, toX), y: tidy(fromY - rowHeight * 0.75), width: reach, height: rowHeight };
  return shape(
    "g",
    { class: "said" },
    shape("title", {}, inFull(said, data).join("\n")),
    shape("rect", { class: "hit", ...hit }),
    ...(arrows.some((other) => other !== arrow && crosses(other, box))
      ? [shape("rect", { class: "backing", ...box, rx: 3 })]
      : []),
    shape(
      "text",
      { class: "line", x, y: tidy(fromY - 5), "text-anchor": isToTheRight ? "start" : "end" },
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

/** Only slanted arrows come across what others say. */
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

function straight({ said, fromX, fromY, toX, toY }: Arrow): Drawn {
  const angle = Math.atan2(toY - fromY, toX - fromX);
  const end = { x: toX - HEAD.length * Math.cos(angle), y: toY - HEAD.length * Math.sin(angle) };
  const back = said.folded?.isBothWays ? headAt(fromX, fromY, angle + Math.PI) : "";
  return { shaft: `${moveTo(fromX, fromY)}${lineTo(end.x, end.y)}`, head: headAt(toX, toY, angle) + back };
}

/** It goes some of the way, and ends in a cross. */
function lost({ fromX, fromY, toX, toY }: Arrow): Drawn {
  const x = fromX + (toX - fromX) * 0.85;
  const y = fromY + (toY - fromY) * 0.85;
  return {
    shaft: `${moveTo(fromX, fromY)}${lineTo(x, y)}`,
    head: `${moveTo(x - 4, y - 4)}${lineTo(x + 4, y + 4)}${moveTo(x - 4, y + 4)}${lineTo(x + 4, y - 4)}`,
  };
}

/** To oneself. */
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
  return `M${tidy(x)} ${tidy(y)}`;
}

function lineTo(x: number, y: number): string {
  return `L${tidy(x)} ${tidy(y)}`;
}

function tidy(length: number): number {
  return Math.round(length * 10) / 10;
}

function labelOf(said: Said, mostLetters: number): Shape[] {
  const { name, rest } = inShort(said);
  const letters = [...`${name}${rest}`];
  const shown = letters.length <= mostLetters ? letters : [...letters.slice(0, mostLetters - 1), "…"];
  const nameLength = [...name].length;
  return [
    ...(name === "" ? [] : [shape("tspan", { class: "type" }, shown.slice(0, nameLength).join(""))]),
    ...(shown.length > nameLength ? [shape("tspan", {}, shown.slice(nameLength).join(""))] : []),
  ];
}

function inShort({ folded, text, type, bytes }: Said): { name: string; rest: string } {
  if (folded) return { name: foldedInWords(folded.counts), rest: ` until ${secondsOf(folded.untilMs)}` };
  if (text === null) return { name: "", rest: `${bytes} bytes, encrypted` };
  const isNamed = type !== null && text.startsWith(type);
  return isNamed ? { name: type, rest: text.slice(type.length) } : { name: "", rest: text };
}

/** When, whose, what. */
export function inFull(said: Said, { participants, flows }: SequenceData): string[] {
  const { sentMs, receivedMs, bytes, text, folded } = said;
  const way =
    receivedMs === null ? "not seen to arrive" : `arrived after ${(receivedMs - sentMs).toFixed(2)} ms`;
  const names = `${participants[said.from]?.label} ${folded?.isBothWays ? "↔" : "→"} ${participants[said.to]?.label}`;
  return [
    `${(sentMs / 1_000).toFixed(4)} s  ${names}, ${flows[said.flow]?.label}`,
    folded
      ? `${foldedInWords(folded.counts)}, the last at ${secondsOf(folded.untilMs)} s, ${bytes.toLocaleString("en-US")} bytes`
      : `${bytes.toLocaleString("en-US")} ${bytes === 1 ? "byte" : "bytes"}, ${way}`,
    folded ? `the first: ${text ?? "encrypted"}` : (text ?? "encrypted"),
  ];
}
