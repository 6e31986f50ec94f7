// A plot of figures that the scenario itself measured: lines over a number, or bars over categories, each point with its
// spread if it has one.
import type { Chart, ChartConfiguration, ChartDataset, Plugin, Scale, ScaleOptionsByType } from "chart.js";
import type { Plot, RunResult } from "../result/result.ts";
import { axisTitle, environmentLine, tickStyle } from "./axes.ts";
import { colour, flowColour, font, fontSize, letters, PIXELS_PER_POINT, pageBackground } from "./theme.ts";

const WHISKER = 5;
/** Leaves room for the label above the highest limit. */
const LABEL_ROOM = 1.06;
/** A logarithmic axis names these multiples of each power of ten. */
const NAMED = new Set([1, 2, 5]);
const MAX_NAMED_PLACES = 8;

export function plotChart(result: RunResult, plot: Plot): ChartConfiguration {
  const { categories } = plot.x;
  return {
    type: categories ? "bar" : "line",
    data: {
      labels: categories ?? [],
      datasets: plot.series.map((series, index) => ({
        ...look(index, categories !== undefined, series.points.length),
        label: series.label,
        data: series.points.map(({ x, y }) => ({ x, y })),
      })) as ChartDataset[],
    },
    options: {
      devicePixelRatio: PIXELS_PER_POINT,
      events: [],
      layout: { padding: { top: 14, right: 36, bottom: 12, left: 16 } },
      plugins: {
        legend: {
          display: plot.series.length > 1,
          align: "start",
          labels: { color: colour.ink, font: letters(fontSize.event), boxHeight: 8 },
        },
        title: heading(plot.title, fontSize.title, colour.ink),
        subtitle: {
          ...heading(environmentLine(result), fontSize.subtitle, colour.muted),
          padding: { bottom: 16 },
        },
      },
      scales: {
        x: categories
          ? {
              type: "category",
              grid: { display: false },
              ticks: tickStyle(colour.muted),
              title: axisTitle(plot.x.title),
            }
          : { ...axis(plot.x, { startsAtZero: false }), ...ticksAtPoints(plot) },
        y: { ...axis(plot.y, { startsAtZero: true }), ...roomFor(plot) },
      },
    },
    plugins: [pageBackground, marksOf(plot)],
  };
}

function look(index: number, isBar: boolean, points: number): Partial<ChartDataset<"line" | "bar">> {
  const ink = flowColour(index);
  if (isBar)
    return { backgroundColor: `${ink}b0`, maxBarThickness: 60 } as Partial<ChartDataset<"line" | "bar">>;
  return {
    borderColor: ink,
    backgroundColor: ink,
    borderWidth: 2,
    pointRadius: points > 60 ? 0 : 4,
  } as Partial<ChartDataset<"line" | "bar">>;
}

function axis({ title, isLogarithmic = false }: Plot["y"], { startsAtZero }: { startsAtZero: boolean }) {
  const shared = { grid: { color: colour.grid }, title: axisTitle(title) };
  if (!isLogarithmic) {
    return { type: "linear" as const, beginAtZero: startsAtZero, ...shared, ticks: tickStyle(colour.muted) };
  }
  const callback = (value: number | string) => {
    const leading = Number(Number(value).toExponential()[0]);
    return NAMED.has(leading) ? Number(value).toLocaleString("en-US", { maximumFractionDigits: 6 }) : "";
  };
  return {
    type: "logarithmic" as const,
    ...shared,
    ticks: { ...tickStyle(colour.muted), autoSkip: false, callback },
  };
}

/** A logarithmic axis with few points names only these. */
function ticksAtPoints({ x, series }: Plot) {
  const places = [...new Set(series.flatMap(({ points }) => points.map((point) => point.x)))];
  if (!x.isLogarithmic || places.length > MAX_NAMED_PLACES) return {};
  return {
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = places.map((value) => ({ value }));
    },
    ticks: {
      ...tickStyle(colour.muted),
      autoSkip: false,
      callback: (value: number | string) => Number(value).toLocaleString("en-US"),
    },
  };
}

/** Includes spreads and limits in the range of the axis. */
function roomFor({
  limits = [],
  series,
  y: { isLogarithmic = false },
}: Plot): Partial<ScaleOptionsByType<"linear">> {
  const points = series.flatMap((each) => each.points);
  const highest = Math.max(...points.map(({ high, y }) => high ?? y), ...limits.map(({ y }) => y));
  if (!isLogarithmic) return { suggestedMax: highest * LABEL_ROOM };
  return { suggestedMin: Math.min(...points.map(({ low, y }) => low ?? y)), suggestedMax: highest };
}

function marksOf({ series, limits = [] }: Plot): Plugin {
  return {
    id: "marks",
    afterDatasetsDraw(chart) {
      series.forEach(({ points }, index) => {
        const places = chart.getDatasetMeta(index).data;
        points.forEach((point, at) => {
          if (point.low !== undefined && point.high !== undefined && places[at])
            drawWhisker(chart, places[at].x, point.low, point.high);
        });
      });
      for (const { label, y } of limits) drawLimit(chart, label, y);
    },
  };
}

function drawWhisker({ ctx, scales }: Chart, x: number, low: number, high: number): void {
  const [bottom, top] = [scales.y!.getPixelForValue(low), scales.y!.getPixelForValue(high)];
  ctx.strokeStyle = colour.ink;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const y of [bottom, top]) {
    ctx.moveTo(x - WHISKER, y);
    ctx.lineTo(x + WHISKER, y);
  }
  ctx.moveTo(x, bottom);
  ctx.lineTo(x, top);
  ctx.stroke();
}

function drawLimit({ ctx, scales, chartArea }: Chart, label: string, value: number): void {
  const y = scales.y!.getPixelForValue(value);
  ctx.save();
  ctx.strokeStyle = colour.failure;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(chartArea.left, y);
  ctx.lineTo(chartArea.right, y);
  ctx.stroke();
  ctx.fillStyle = colour.failure;
  ctx.font = font(fontSize.event);
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  // An outline keeps the label readable over points and bars.
  ctx.setLineDash([]);
  ctx.strokeStyle = colour.page;
  ctx.lineWidth = 5;
  ctx.lineJoin = "round";
  ctx.strokeText(label, chartArea.right - 4, y - 4);
  ctx.fillText(label, chartArea.right - 4, y - 4);
  ctx.restore();
}

function heading(text: string, size: number, ink: string) {
  return { display: true, text, align: "start" as const, color: ink, font: letters(size) };
}
