// A plot of figures that the scenario itself measured: lines over a number, or bars over categories, each point with its
// spread if it has one.
import uPlot from "uplot";
import { significant } from "../../text/quantities.ts";
import type { PagePlot } from "../page-data.ts";
import { type Chip, chipFor } from "./chip.ts";
import { ink, onColourScheme } from "./colour-scheme.ts";
import { element } from "./elements.ts";
import { numberFigure, roundRange, stepsBetween } from "./figures.ts";
import { plotMarks } from "./plot-marks.ts";

const HEIGHT = 300;
const STEPS = 4;
const FONT = "12px system-ui, sans-serif";
const MAX_BAR_WIDTH = { single: 60, grouped: 110 } as const;
/** The share of a category's width that its bars take. */
const BARS_SHARE = 0.7;
/** With more points, single points have no marks. */
const MAX_MARKS = 60;
/** The average width of a letter in pixels. */
const LETTER_WIDTH = 6.5;
const NAME_GAP = 14;
const MAX_DECADES = 4;
const AXIS_WIDTH = 60;
/** Leaves room for the label above the highest limit. */
const LABEL_ROOM = 1.06;
const number = { kind: "number", unit: "" } as const;

export function plotFigure(plot: PagePlot): HTMLElement {
  const place = element("div", { class: "plot", role: "img", "aria-label": plotInWords(plot) });
  const around = element(
    "div",
    { class: "drawn-plot", tabindex: 0, role: "group", "aria-label": plot.title },
    place,
  );
  const note = element("span", { class: "note" }, plot.y.title);
  const isAlone = plot.series.length === 1;
  const chips = plot.series.map(({ label, colour }, index) =>
    chipFor(
      { label: isAlone ? "" : label, colour, summary: isAlone ? label : "", values: [] },
      {
        isAlone,
        onToggle: (isShown) => chart.setSeries(index + 1, { show: isShown }),
        onHighlight: (isOn) => chart.setSeries(isOn ? index + 1 : null, { focus: true }),
      },
    ),
  );
  const chart = new uPlot(optionsOf(plot), valuesOf(plot), place);
  chart.hooks.setCursor = [() => showValues(plot, chart.cursor.left ?? -1, chart, chips, note)];
  const resize = () => {
    if (around.clientWidth > 0)
      chart.setSize({ width: Math.max(around.clientWidth, minWidth(plot)), height: HEIGHT });
  };
  onColourScheme(() => chart.redraw(false));
  new ResizeObserver(resize).observe(around);
  return element(
    "figure",
    { class: "chart" },
    element(
      "figcaption",
      {},
      element("span", { class: "name" }, plot.title),
      note,
      element("span", { class: "chips" }, ...chips.map(({ node }) => node)),
    ),
    around,
  );
}

/** With less width, names would overlap; the plot then scrolls sideways. */
function minWidth({ x: { categories = [] } }: PagePlot): number {
  const longest = Math.max(0, ...categories.map((name) => name.length));
  return AXIS_WIDTH + categories.length * (longest * LETTER_WIDTH + NAME_GAP);
}

/** Bars of one category have different places on the axis. */
function placeOf({ x: { categories }, series }: PagePlot, x: number, index: number): number {
  return categories ? x + ((index - (series.length - 1) / 2) * BARS_SHARE) / series.length : x;
}

/** uPlot takes `undefined` where a series has no point. */
function valuesOf(plot: PagePlot): uPlot.AlignedData {
  const bySeries = plot.series.map(
    ({ points }, index) => new Map(points.map(({ x, y }) => [placeOf(plot, x, index), y])),
  );
  const places = [...new Set(bySeries.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b);
  return [places, ...bySeries.map((points) => places.map((place) => points.get(place)))];
}

function optionsOf(plot: PagePlot): uPlot.Options {
  const { x, y, series, limits = [] } = plot;
  const look: uPlot.Axis = { stroke: () => ink("muted"), font: FONT, ticks: { show: false }, gap: 6 };
  const figures: uPlot.Axis = {
    ...look,
    values: (_plot, splits) => splits.map((value) => (value === null ? "" : numberFigure(value))),
  };
  const points = series.flatMap((each) => each.points);
  const highest = Math.max(
    ...points.map(({ y: middle, high }) => high ?? middle),
    ...limits.map((each) => each.y * LABEL_ROOM),
  );
  const lowest = Math.min(...points.map(({ y: middle, low }) => low ?? middle));
  const up = roundRange(number, Math.min(lowest, 0), highest, STEPS);
  return {
    width: 600,
    height: HEIGHT,
    legend: { show: false },
    focus: { alpha: 0.2 },
    padding: [14, 16, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { show: !x.categories, size: 9 } },
    scales: {
      x: x.categories
        ? { time: false, range: [-0.5, x.categories.length - 0.5] }
        : {
            time: false,
            distr: x.isLogarithmic ? 3 : 1,
            range: (_plot, least, most) => withMargin(least, most, x.isLogarithmic),
          },
      y: y.isLogarithmic
        ? { distr: 3, range: () => uPlot.rangeLog(lowest, highest, 10, false) }
        : { range: [up.from, up.to] },
    },
    axes: [
      {
        ...look,
        ...(x.categories
          ? { splits: () => x.categories!.map((_, index) => index), values: () => x.categories! }
          : figures),
        ...(x.isLogarithmic && { filter: named }),
        grid: { show: false },
        ...(x.title !== "" && { label: x.title, labelFont: FONT, labelSize: 20 }),
        size: 28,
      },
      {
        ...figures,
        ...(y.isLogarithmic ? { filter: named } : { splits: () => stepsBetween(up.from, up.to, up.step) }),
        size: AXIS_WIDTH,
        grid: { stroke: () => ink("grid"), width: 1, ...(y.isLogarithmic && { filter: named }) },
      },
    ],
    series: [{}, ...series.map((each) => seriesLook(each, plot))],
    plugins: [plotMarks(plot, (point, index) => placeOf(plot, point, index))],
  };
}

function seriesLook({ colour, points }: PagePlot["series"][number], { x, series }: PagePlot): uPlot.Series {
  if (x.categories)
    return {
      fill: colour,
      width: 0,
      points: { show: false },
      paths: uPlot.paths.bars!({
        size: [BARS_SHARE / series.length, series.length > 1 ? MAX_BAR_WIDTH.grouped : MAX_BAR_WIDTH.single],
      }),
    };
  return {
    stroke: colour,
    width: 2,
    spanGaps: true,
    points: { show: points.length <= MAX_MARKS, size: 8, fill: colour },
  };
}

/** Labels of a logarithmic axis: 1, 2 and 5 times each power of ten, or only the powers if there are many. */
function named(_plot: uPlot, splits: number[]): (number | null)[] {
  const leading = splits.map((value) => Number(value.toExponential()[0]));
  const isFar = leading.filter((digit) => digit === 1).length > MAX_DECADES;
  return splits.map((value, index) => ((isFar ? [1] : [1, 2, 5]).includes(leading[index]!) ? value : null));
}

/** Leaves some space beside the first and the last point. */
function withMargin(least: number, most: number, isLogarithmic = false): [number, number] {
  if (isLogarithmic) {
    const factor = most > least ? (most / least) ** 0.02 : 2;
    return [least / factor, most * factor];
  }
  const margin = most > least ? (most - least) * 0.02 : 1;
  return [least - margin, most + margin];
}

/** Shows the values at the pointer, and its place on the axis. */
function showValues(
  plot: PagePlot,
  left: number,
  chart: uPlot,
  chips: readonly Chip[],
  note: HTMLElement,
): void {
  const { x, y, series } = plot;
  const index = chart.cursor.idx;
  const place = left < 0 || index === null || index === undefined ? null : (chart.data[0][index] ?? null);
  const pointed = place !== null && x.categories ? Math.round(place) : place;
  const name =
    pointed === null ? "" : (x.categories?.[pointed] ?? `${numberFigure(pointed)} ${x.title}`.trim());
  note.textContent = [name, y.title].filter((part) => part !== "").join(" · ");
  for (const [own, { label, points }] of series.entries()) {
    const value = points.find((point) => point.x === pointed)?.y;
    chips[own]!.show(
      pointed === null ? (series.length === 1 ? label : "") : value === undefined ? "–" : numberFigure(value),
    );
  }
}

function plotInWords({ title, x, y, series, limits = [] }: PagePlot): string {
  const each = series.map(({ label, points }) => {
    const values = points.map((point) => {
      const spread =
        point.low === undefined
          ? ""
          : ` (${significant(point.low)} to ${significant(point.high ?? point.y)})`;
      return `${x.categories?.[point.x] ?? point.x}: ${point.y}${spread}`;
    });
    return `${label} ${values.slice(0, MAX_MARKS).join(", ")}`;
  });
  return [`${title}, ${y.title}`, ...each, ...limits.map((limit) => `${limit.label}: ${limit.y}`)].join(". ");
}
