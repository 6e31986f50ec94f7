// sequence.svg: the conversation of a run as one picture for a slide. A long conversation continues in further panels
// beside the first. All styles are attributes, because presentation programs hardly support style sheets. Pure.
import { colour } from "../charts/theme.ts";
import type { RunResult } from "../result/result.ts";
import { foldRoutine } from "./fold.ts";
import { cutsOf, sliceOf } from "./sequence-cuts.ts";
import type { SequenceData, SequenceMessage } from "./sequence-data.ts";
import { layOutSequence, type SequenceLayout } from "./sequence-layout.ts";
import { sequenceLook } from "./sequence-look.ts";
import { bodyShapes, headShapes, LETTER, type Shape, shape } from "./sequence-shapes.ts";
import { toSequenceData } from "./to-sequence-data.ts";

const MAX_MESSAGES = 1_000;
const MAX_DRAWN = 300;
const LONGEST_TEXT = 200;
const MAX_PANELS = 5;
const SLIDE = { width: 1600, height: 900 } as const;
const COLUMN_GAPS = [190, 210, 230, 250, 270, 330, 400];
const MIN_WIDTH = 560;

const PADDING = 28;
const TITLE_HEIGHT = 74;
const HEAD_HEIGHT = 34;
const PANEL_GAP = 36;
const FOOT_HEIGHT = 30;

const look = sequenceLook({
  ink: colour.ink,
  muted: colour.muted,
  axis: colour.axis,
  box: colour.phaseName[0],
  boxEdge: colour.axis,
  phase: colour.phase,
  outage: colour.outage,
  outageName: colour.outageName,
});

/** Null where no messages were kept. */
export function sequenceSvg(result: RunResult): string | null {
  const data = toSequenceData(result, MAX_MESSAGES, LONGEST_TEXT);
  if (!data || data.messages.length === 0) return null;
  const all = foldRoutine(data.messages);
  const messages = all.slice(0, MAX_DRAWN);
  const panels = panelsOf(data, messages);
  const { width, height } = sizeOf(panels);
  const leftOut = data.leftOut + all.length - messages.length;
  const shapes = [
    shape("title", {}, `${result.scenario.title}: the conversation`),
    shape("rect", { x: 0, y: 0, width, height, fill: colour.page }),
    ...titleShapes(result, data, width),
    ...panels.map((panel, index) => panelShape(data, panel, PADDING + index * (panel.width + PANEL_GAP))),
    shape(
      "text",
      { class: "time", x: PADDING, y: height - PADDING / 2 - 6 },
      `Times in seconds of the run. Credentials are masked; under TLS only sizes were kept.${leftOut > 0 ? ` ${leftOut.toLocaleString("en-US")} more messages are not drawn.` : ""}`,
    ),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">\n${shapes.map(written).join("\n")}\n</svg>\n`;
}

/** Chooses number and width of the panels so that the picture is as large as possible on a slide, with some preference
 * for wider panels, which show more of each message. */
function panelsOf(data: SequenceData, messages: readonly SequenceMessage[]): SequenceLayout[] {
  const layOut = (columnGap: number) =>
    layOutSequence(data, messages, { gutter: 38, columnGap, margin: 46, rowHeight: 22 });
  const layouts = COLUMN_GAPS.map(layOut);
  const cuts = cutsOf(layouts[0]!);
  const candidates = layouts.flatMap((layout) =>
    Array.from({ length: MAX_PANELS }, (_, index) => cutInto(layout, index + 1, cuts)),
  );
  const score = (panels: readonly SequenceLayout[]) => {
    const { width, height } = sizeOf(panels);
    return Math.min(SLIDE.width / width, SLIDE.height / height) * panels[0]!.columnGap ** 0.3;
  };
  return candidates.reduce((best, panels) => (score(panels) > score(best) ? panels : best));
}

function sizeOf(panels: readonly SequenceLayout[]): { width: number; height: number } {
  const inner = panels.length * (panels[0]!.width + PANEL_GAP) - PANEL_GAP;
  const tallest = Math.max(...panels.map(({ height }) => height));
  return {
    width: Math.max(inner, MIN_WIDTH) + 2 * PADDING,
    height: Math.ceil(PADDING + TITLE_HEIGHT + HEAD_HEIGHT + tallest + FOOT_HEIGHT + PADDING / 2),
  };
}

function cutInto(layout: SequenceLayout, count: number, cuts: readonly number[]): SequenceLayout[] {
  const edges = [0];
  for (let panel = 1; panel < count; panel += 1) {
    const wanted = (layout.height * panel) / count;
    const distance = (cut: number) => Math.abs(cut - wanted);
    const near = cuts.filter((cut) => cut > edges.at(-1)!);
    const nearest = near.reduce<number | null>(
      (best, cut) => (best === null || distance(cut) < distance(best) ? cut : best),
      null,
    );
    if (nearest !== null) edges.push(nearest);
  }
  return edges.map((top, index) => sliceOf(layout, top, edges[index + 1] ?? layout.height));
}

function panelShape(data: SequenceData, panel: SequenceLayout, x: number): Shape {
  const body = shape("g", { transform: `translate(0 ${HEAD_HEIGHT})` }, ...bodyShapes(data, panel));
  const place = `translate(${x} ${PADDING + TITLE_HEIGHT})`;
  return shape("g", { transform: place }, body, ...headShapes(panel, HEAD_HEIGHT));
}

function titleShapes(
  { scenario, durationMs }: RunResult,
  { flows, messages }: SequenceData,
  width: number,
): Shape[] {
  const words = look["phase-name"]!["font-family"]!;
  const seen = flows.filter((_, index) => messages.some(({ flow }) => flow === index));
  const title = shape(
    "text",
    {
      x: PADDING,
      y: PADDING + 18,
      "font-family": words,
      "font-size": 24,
      "font-weight": 700,
      fill: colour.ink,
    },
    scenario.title,
  );
  let x = PADDING;
  const legend = seen.map(({ label, colour: fill }) => {
    const own = shape(
      "g",
      {},
      shape("rect", { x, y: PADDING + 36, width: 14, height: 4, rx: 2, fill }),
      shape(
        "text",
        { x: x + 20, y: PADDING + 43, "font-family": words, "font-size": 13, fill: colour.ink },
        label,
      ),
    );
    x += 20 + label.length * LETTER.width + 22;
    return own;
  });
  const length = shape(
    "text",
    { class: "time", x: width - PADDING, y: PADDING + 18, "text-anchor": "end" },
    `a run of ${(durationMs / 1_000).toFixed(1)} s`,
  );
  return [title, length, ...legend];
}

function written({ tag, attributes, children }: Shape): string {
  const { class: names = "", ...own } = attributes;
  const looks = String(names)
    .split(" ")
    .map((name) => look[name] ?? {});
  const all = Object.entries(Object.assign({}, ...looks, own) as Record<string, string | number>);
  const opening = [tag, ...all.map(([name, value]) => `${name}="${asText(String(value))}"`)].join(" ");
  const inner = children
    .map((child) => (typeof child === "string" ? asText(child) : written(child)))
    .join("");
  return inner === "" ? `<${opening}/>` : `<${opening}>${inner}</${tag}>`;
}

/** Characters that XML does not allow become dots. */
function asText(text: string): string {
  return text
    .replaceAll(/[\x00-\x1f\ufffe\uffff]/g, (character) => (character === "\n" ? character : "·"))
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;");
}
