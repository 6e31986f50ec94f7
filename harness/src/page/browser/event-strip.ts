// The strip above the charts, on the same time axis: the names of phases and outages, and the labels of events, slanted
// so that many fit side by side.
import { type Label, layOutLabels, SLANT } from "../../charts/event-labels.ts";
import { maximum } from "../../statistics/totals.ts";
import type { PageData, PageEvent, Span } from "../page-data.ts";
import { onColourScheme } from "./colour-scheme.ts";
import { drawing, element } from "./elements.ts";
import { timeFigure } from "./figures.ts";
import { GUTTER } from "./run-chart.ts";
import type { Timeline } from "./timeline.ts";

const LINE_HEIGHT = 15;
const ELBOW_HEIGHT = 14;
const BAND_HEIGHT = 20;
/** A label of more events points only at the first and the last of them. */
const MAX_ELBOWS = 10;
const FONT = "12px system-ui, sans-serif";
const DEGREES = (-SLANT * 180) / Math.PI;

const ruler = document.createElement("canvas").getContext("2d");

function widthOf(text: string): number {
  if (!ruler) return text.length * 7;
  ruler.font = FONT;
  return ruler.measureText(text).width;
}

export function eventStrip(data: PageData, timeline: Timeline): HTMLElement {
  const node = element("div", { class: "strip", "aria-hidden": "true" });
  const draw = () => {
    if (node.clientWidth > 0) node.replaceChildren(strip(data, timeline, node.clientWidth));
  };
  timeline.onWindow(draw);
  onColourScheme(draw);
  new ResizeObserver(draw).observe(node);
  return node;
}

function strip(data: PageData, timeline: Timeline, width: number): SVGElement {
  const { fromS, toS } = timeline.window;
  const right = width - GUTTER.right;
  const place = (timeS: number) => GUTTER.left + ((timeS - fromS) / (toS - fromS)) * (right - GUTTER.left);
  const seen = data.events.filter(({ timeS }) => timeS >= fromS && timeS <= toS);
  const labels = layOutLabels(
    seen.map(({ timeS, label }) => ({ x: place(timeS), text: label, isStrong: false })),
    {
      left: GUTTER.left,
      right: width,
      lineHeight: LINE_HEIGHT,
      maxWidth: width < 500 ? 90 : 130,
      maxShift: 60,
      measure: widthOf,
    },
  );
  const longest = maximum(labels.map((label) => label.width));
  const base = labels.length === 0 ? 0 : Math.ceil((longest + LINE_HEIGHT) * Math.sin(SLANT));
  const bandTop = base + (labels.length === 0 ? 0 : ELBOW_HEIGHT);
  const rows = data.outages.length > 0 ? 2 : 1;
  const height = bandTop + rows * BAND_HEIGHT;
  const clip = (spans: Span[]) => spans.filter(({ startS, endS }) => endS > fromS && startS < toS);
  const bands = [
    ...clip(data.phases).map((span) =>
      band(span, data.phases.indexOf(span) % 2 === 1 ? "phase odd" : "phase", bandTop),
    ),
    ...clip(data.outages).map((span) => band(span, "outage", bandTop + BAND_HEIGHT)),
  ];
  return drawing(
    "svg",
    { width, height, viewBox: `0 0 ${width} ${height}` },
    ...bands,
    ...labels.flatMap((label) => labelled(label, base, bandTop, momentsOf(label, seen, place))),
  );

  function band({ label, startS, endS }: Span, kind: string, top: number): SVGElement {
    const left = Math.max(place(startS), GUTTER.left);
    const room = Math.min(place(endS), right) - left;
    const fits = widthOf(label) + 8 <= room;
    return drawing(
      "g",
      { class: kind },
      drawing("title", {}, `${label}: ${timeFigure(startS)} to ${timeFigure(endS)}`),
      drawing("rect", { x: left, y: top, width: Math.max(room, 1), height: BAND_HEIGHT - 2, rx: 2 }),
      fits && drawing("text", { x: left + room / 2, y: top + 13, "text-anchor": "middle" }, label),
    );
  }
}

/** All events of a label in full. */
function momentsOf(label: Label, events: PageEvent[], place: (timeS: number) => number): string {
  const places = new Set(label.marks.map(({ x }) => x));
  return events
    .filter(({ timeS }) => places.has(place(timeS)))
    .map(({ timeS, process, text }) => `${timeFigure(timeS)}  ${process}: ${text}`)
    .join("\n");
}

function labelled(label: Label, base: number, bandTop: number, moments: string): SVGElement[] {
  const pointedAt = label.marks.length > MAX_ELBOWS ? [label.marks[0]!, label.marks.at(-1)!] : label.marks;
  const elbows = pointedAt.map(({ x }) => `M${label.x} ${base} L${x} ${bandTop}`).join("");
  return [
    drawing("path", { class: "elbow", d: elbows }),
    drawing(
      "text",
      { class: "event", x: label.x, y: base - 3, transform: `rotate(${DEGREES} ${label.x} ${base - 3})` },
      drawing("title", {}, moments),
      label.text,
    ),
  ];
}
