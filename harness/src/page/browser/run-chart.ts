// One chart of the run, drawn with uPlot on the shared timeline.
import uPlot from "uplot";
import type { PageChart, PageData } from "../page-data.ts";
import { backdrop } from "./backdrop.ts";
import { type Chip, chipFor } from "./chip.ts";
import { ink, onColourScheme } from "./colour-scheme.ts";
import { element } from "./elements.ts";
import { axisFigure, figure, indexAt, roundRange, stepsBetween } from "./figures.ts";
import type { Timeline } from "./timeline.ts";

/** All charts have the same margins, so that their time axes align. */
export const GUTTER = { left: 60, right: 12 } as const;
const HEIGHT = { tall: 168, low: 52, timeAxis: 28 } as const;
const NOWHERE = { left: -10, top: -10 } as const;

export function runChart(
  chart: PageChart,
  data: PageData,
  timeline: Timeline,
  hasTimeAxis: boolean,
): HTMLElement {
  const hidden = new Set<number>();
  let isPointing = false;
  const place = element("div", { class: "plot" });
  const plot = new uPlot(optionsOf(chart, data, timeline, hasTimeAxis), drawnValues(chart, hidden), place);
  const chips = chart.lines.map((line, index) =>
    // The title of a chart of one flow is already the name of the flow.
    chipFor(line.label === chart.title ? { ...line, label: "" } : line, {
      isAlone: chart.lines.length === 1,
      onToggle: (isShown) => {
        if (isShown) hidden.delete(index);
        else hidden.add(index);
        plot.setData(drawnValues(chart, hidden), false);
        plot.setScale("x", { min: timeline.window.fromS, max: timeline.window.toS });
      },
      onHighlight: (isOn) => plot.setSeries(isOn ? seriesIndex(chart, index) : null, { focus: true }),
    }),
  );

  plot.hooks.setCursor = [
    () => {
      isPointing = true;
      const { left = -1 } = plot.cursor;
      timeline.point(left < 0 ? null : plot.posToVal(left, "x"));
      isPointing = false;
    },
  ];
  timeline.onPoint((timeS) => {
    if (!isPointing)
      plot.setCursor(timeS === null ? NOWHERE : { left: plot.valToPos(timeS, "x"), top: 0 }, false);
    showValues(chart, chips, timeS);
  });
  timeline.onWindow(({ fromS, toS }) => plot.setScale("x", { min: fromS, max: toS }));
  const resize = () => {
    if (place.clientWidth > 0) plot.setSize({ width: place.clientWidth, height: plot.height });
  };
  onColourScheme(() => {
    resize();
    plot.redraw(false);
  });
  new ResizeObserver(resize).observe(place);

  const caption = element(
    "figcaption",
    {},
    element("span", { class: "name" }, chart.title),
    chart.note !== "" && element("span", { class: "note" }, chart.note),
    element("span", { class: "chips" }, ...chips.map(({ node }) => node)),
  );
  const node = element("figure", { class: chart.isLow ? "chart low" : "chart" }, caption, place);
  node.id = `chart-${chart.id}`;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", inWords(chart));
  return node;
}

function optionsOf(
  chart: PageChart,
  data: PageData,
  timeline: Timeline,
  hasTimeAxis: boolean,
): uPlot.Options {
  const steps = chart.isLow ? 1 : 4;
  const { fromS, toS } = timeline.window;
  const look: uPlot.Axis = {
    stroke: () => ink("muted"),
    font: "12px system-ui, sans-serif",
    ticks: { show: false },
    gap: 6,
  };
  return {
    width: 600,
    height: (chart.isLow ? HEIGHT.low : HEIGHT.tall) + (hasTimeAxis ? HEIGHT.timeAxis : 0),
    legend: { show: false },
    padding: [8, GUTTER.right, hasTimeAxis ? 0 : 6, 0],
    focus: { alpha: 0.2 },
    cursor: {
      y: false,
      points: { show: chart.drawing !== "bars", size: 7 },
      drag: { x: true, y: false, setScale: false },
      bind: {
        dblclick: () => () => {
          timeline.showAll();
          return null;
        },
      },
    },
    scales: {
      x: { time: false, auto: false, min: fromS, max: toS },
      y: {
        range: (_plot, least, most) => {
          const { from, to } = roundRange(chart.quantity, least ?? 0, most ?? 0, steps);
          return [from, to];
        },
      },
    },
    axes: [
      {
        ...look,
        show: hasTimeAxis,
        size: HEIGHT.timeAxis,
        grid: { show: false },
        values: (_plot, splits) => splits.map((timeS) => `${Number(timeS.toFixed(3))} s`),
      },
      {
        ...look,
        size: GUTTER.left,
        grid: { stroke: () => ink("grid"), width: 1 },
        splits: (_plot, _axis, least, most) =>
          stepsBetween(least, most, roundRange(chart.quantity, least, most, steps).step),
        values: (_plot, splits) =>
          splits.map((value) => (chart.isLow && value === 0 ? "" : axisFigure(chart.quantity, value))),
      },
    ],
    series: [{}, ...inDrawnOrder(chart, chart.lines).map(({ colour }) => seriesLook(chart, colour))],
    plugins: [backdrop(data)],
    hooks: {
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width > 0) timeline.show(plot.posToVal(left, "x"), plot.posToVal(left + width, "x"));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

function seriesLook({ drawing, lines }: PageChart, colour: string): uPlot.Series {
  const { bars, stepped } = uPlot.paths;
  switch (drawing) {
    case "bars":
      return {
        fill: colour,
        width: 0,
        points: { show: false },
        paths: bars!({ size: [0.92, Number.POSITIVE_INFINITY, 1], align: 1 }),
      };
    case "steps":
      return {
        stroke: colour,
        width: 1.4,
        points: { show: false },
        paths: stepped!({ align: -1 }),
        fill: lines.length <= 3 ? `${colour}1c` : "transparent",
      };
    case "lines":
      return { stroke: colour, width: 2, points: { show: false } };
    case "dots":
      return { stroke: colour, width: 1.2, spanGaps: true, points: { show: true, size: 6, fill: colour } };
  }
}

/** Bars are stacked, and the tallest is drawn first. */
function inDrawnOrder<One>({ drawing }: PageChart, lines: readonly One[]): One[] {
  return drawing === "bars" ? lines.toReversed() : [...lines];
}

function seriesIndex({ drawing, lines }: PageChart, index: number): number {
  return drawing === "bars" ? lines.length - index : index + 1;
}

function drawnValues(chart: PageChart, hidden: ReadonlySet<number>): uPlot.AlignedData {
  const shown = chart.lines.map(({ values }, index) => (hidden.has(index) ? values.map(() => null) : values));
  if (chart.drawing !== "bars") return [chart.timesS, ...shown];
  const below = chart.timesS.map(() => 0);
  const stacked = shown.map((values) =>
    values.map((value, index) => {
      below[index]! += value ?? 0;
      return value ? below[index]! : null;
    }),
  );
  return [chart.timesS, ...stacked.toReversed()];
}

function showValues(chart: PageChart, chips: Chip[], timeS: number | null): void {
  const index = timeS === null ? -1 : indexAt(chart, timeS);
  for (const [place, line] of chart.lines.entries()) {
    const value = line.values[index];
    const text = value === undefined || value === null ? "–" : figure(chart.quantity, value);
    chips[place]!.show(timeS === null ? line.summary : text);
  }
}

function inWords({ title, note, lines }: PageChart): string {
  const each = lines.map(({ label, summary }) => `${label} ${summary}`);
  return `${[title, note].filter((part) => part !== "").join(", ")}: ${each.join(", ")}`;
}
