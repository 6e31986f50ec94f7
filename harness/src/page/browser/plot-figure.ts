// A plot of figures that the scenario itself measured: lines over a number, or bars over names, each point with its
// spread if it has one.
import { axisFor } from "../../charts/scales.ts";
import type { PagePlot } from "../page-data.ts";
import { drawing, element } from "./elements.ts";
import { plotScale, type Scale } from "./plot-scale.ts";

const PLOT_HEIGHT = 300;
const ROOM = { left: 60, right: 16, top: 14, bottom: 46 } as const;
const STEPS = 4;
const WHISKER = 5;
const MOST_BAR = 60;
/** Of the room for a name, what its bars take. */
const BARS_SHARE = 0.7;
/** More points than these are not marked one by one. */
const MOST_MARKS = 60;
/** Of a letter, on average, in pixels. */
const LETTER_WIDTH = 6.5;
const NAME_GAP = 14;

type Series = PagePlot["series"][number];
type Point = Series["points"][number];

export function plotFigure(plot: PagePlot): HTMLElement {
  const place = element("div", { class: "drawn-plot", tabindex: 0, role: "group", "aria-label": plot.title });
  const draw = () => {
    if (place.clientWidth > 0)
      place.replaceChildren(drawnPlot(plot, Math.max(place.clientWidth, leastWidth(plot))));
  };
  new ResizeObserver(draw).observe(place);
  const names = plot.series.map(({ label, colour }) =>
    element(
      "span",
      { class: "chip" },
      element("span", { class: "swatch", style: `background:${colour}` }),
      label,
    ),
  );
  return element(
    "figure",
    { class: "chart" },
    element(
      "figcaption",
      {},
      element("span", { class: "name" }, plot.title),
      element("span", { class: "note" }, plot.y.title),
      plot.series.length > 1 && element("span", { class: "chips" }, ...names),
    ),
    place,
  );
}

/** With fewer pixels names would run into each other: then it scrolls aside. */
function leastWidth({ x: { categories = [] } }: PagePlot): number {
  const longest = Math.max(0, ...categories.map((name) => name.length));
  return ROOM.left + ROOM.right + categories.length * (longest * LETTER_WIDTH + NAME_GAP);
}

function drawnPlot(plot: PagePlot, width: number): SVGElement {
  const { x: acrossAxis, y: upAxis, series, limits = [] } = plot;
  const highest = Math.max(
    ...series.flatMap(({ points }) => points.map(({ y, high }) => high ?? y)),
    ...limits.map(({ y }) => y),
  );
  const lowest = Math.min(...series.flatMap(({ points }) => points.map(({ y, low }) => low ?? y)));
  const up = plotScale(upAxis.isLogarithmic === true, {
    least: upAxis.isLogarithmic ? lowest : 0,
    most: upAxis.isLogarithmic ? highest : axisFor(highest, STEPS).max,
    from: PLOT_HEIGHT - ROOM.bottom,
    to: ROOM.top,
    steps: STEPS,
  });
  const right = width - ROOM.right;
  const { categories } = acrossAxis;
  const marks = categories ? bars(plot, categories, right, up) : lines(plot, right, up);
  const middle = (ROOM.left + right) / 2;
  return drawing(
    "svg",
    {
      width,
      height: PLOT_HEIGHT,
      viewBox: `0 0 ${width} ${PLOT_HEIGHT}`,
      role: "img",
      "aria-label": plotInWords(plot),
    },
    ...up.ticks.flatMap(({ at, label }) => [
      drawing("line", { class: "grid", x1: ROOM.left, x2: right, y1: at, y2: at }),
      drawing("text", { x: ROOM.left - 8, y: at + 4, "text-anchor": "end" }, label),
    ]),
    ...marks,
    ...limits.flatMap(({ label, y }) => [
      drawing("line", { class: "limit", x1: ROOM.left, x2: right, y1: up.place(y), y2: up.place(y) }),
      drawing("text", { class: "limit", x: right - 4, y: up.place(y) - 5, "text-anchor": "end" }, label),
    ]),
    drawing("text", { x: middle, y: PLOT_HEIGHT - 6, "text-anchor": "middle" }, acrossAxis.title),
  );
}

function lines({ x, series }: PagePlot, right: number, up: Scale): SVGElement[] {
  const all = series.flatMap(({ points }) => points.map((point) => point.x));
  const across = plotScale(x.isLogarithmic === true, {
    least: Math.min(...all),
    most: Math.max(...all),
    from: ROOM.left + WHISKER,
    to: right - WHISKER,
    steps: right - ROOM.left < 400 ? 3 : 6,
  });
  const baseline = PLOT_HEIGHT - ROOM.bottom;
  return [
    ...across.ticks.map(({ at, label }) =>
      drawing("text", { x: at, y: baseline + 18, "text-anchor": "middle" }, label),
    ),
    ...series.flatMap(({ label, colour, points }) => [
      drawing("polyline", {
        points: points.map((point) => `${across.place(point.x)},${up.place(point.y)}`).join(" "),
        style: `fill:none;stroke:${colour};stroke-width:2`,
      }),
      ...points.flatMap((point) => whisker(point, across.place(point.x), up)),
      ...(points.length > MOST_MARKS ? [] : points).map((point) =>
        drawing(
          "circle",
          { cx: across.place(point.x), cy: up.place(point.y), r: 4, fill: colour },
          drawing("title", {}, `${label}, ${across.say(point.x)}: ${up.say(point.y)}`),
        ),
      ),
    ]),
  ];
}

function bars({ series }: PagePlot, categories: string[], right: number, up: Scale): SVGElement[] {
  const room = (right - ROOM.left) / categories.length;
  const barWidth = Math.min(MOST_BAR, (room * BARS_SHARE) / series.length);
  const baseline = PLOT_HEIGHT - ROOM.bottom;
  const middleOf = (point: Point, index: number) =>
    ROOM.left + (point.x + 0.5) * room + (index - (series.length - 1) / 2) * barWidth;
  return [
    ...categories.map((name, index) =>
      drawing(
        "text",
        { x: ROOM.left + (index + 0.5) * room, y: baseline + 18, "text-anchor": "middle" },
        name,
      ),
    ),
    ...series.flatMap(({ label, colour, points }, index) =>
      points.flatMap((point) => [
        drawing(
          "rect",
          {
            ...{ x: middleOf(point, index) - barWidth / 2, width: barWidth, fill: colour },
            ...{ y: up.place(point.y), height: Math.max(0, baseline - up.place(point.y)) },
          },
          drawing("title", {}, `${label}, ${categories[point.x] ?? ""}: ${up.say(point.y)}`),
        ),
        ...whisker(point, middleOf(point, index), up),
      ]),
    ),
  ];
}

function whisker({ low, high }: Point, x: number, up: Scale): SVGElement[] {
  if (low === undefined || high === undefined) return [];
  const [bottom, top] = [up.place(low), up.place(high)];
  const ends = [bottom, top].map((y) => `M${x - WHISKER} ${y}H${x + WHISKER}`).join("");
  return [drawing("path", { class: "whisker", d: `${ends}M${x} ${bottom}V${top}` })];
}

function plotInWords({ title, x, y, series }: PagePlot): string {
  const each = series.map(({ label, points }) => {
    const values = points.map((point) => `${x.categories?.[point.x] ?? point.x}: ${point.y}`);
    return `${label} ${values.slice(0, MOST_MARKS).join(", ")}`;
  });
  return `${title}, ${y.title}. ${each.join(". ")}`;
}
