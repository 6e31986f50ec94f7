// The spread of several runs: a row for each figure and a dot for each run, as a percentage of the figure's median.
import type { ChartConfiguration } from "chart.js";
import { type Interval, median, medianInterval } from "../statistics/quantiles.ts";
import { rounded } from "../text/quantities.ts";
import { axisTitle, tickStyle } from "./axes.ts";
import { colour, fontSize, letters, PIXELS_PER_POINT, pageBackground } from "./theme.ts";

interface Row {
  name: string;
  unit: string;
  values: readonly number[];
}

const LEFT = 330;
const RIGHT = 60;
const SMALLEST_SPREAD_PERCENT = 5;

export function repeatsChart(title: string, subtitle: string, rows: readonly Row[]): ChartConfiguration {
  const shares = rows.map(({ values }) => values.map((value) => shareOf(value, median(values))));
  const furthest = Math.max(SMALLEST_SPREAD_PERCENT, ...shares.flat().map(Math.abs));
  const edge = Math.ceil(furthest * 1.1);
  const labels = rows.map(({ name, unit, values }) => `${name}: ${rounded(median(values))} ${unit}`.trim());
  return {
    type: "scatter",
    data: {
      datasets: [
        ...rows.map((row, index) => ({
          type: "line" as const,
          data: intervalPoints(medianInterval(row.values), median(row.values), index),
          borderColor: colour.memory,
          borderWidth: 5,
          pointRadius: 0,
        })),
        {
          data: shares.flatMap((values, index) => values.map((x) => ({ x, y: index }))),
          backgroundColor: "rgba(209, 31, 42, 0.45)",
          pointRadius: 4,
        },
      ],
    },
    options: {
      devicePixelRatio: PIXELS_PER_POINT,
      events: [],
      layout: { autoPadding: false, padding: { right: RIGHT, top: 12, bottom: 8, left: 12 } },
      plugins: {
        legend: { display: false },
        title: {
          display: true,
          text: title,
          align: "start",
          color: colour.ink,
          font: letters(fontSize.title),
        },
        subtitle: {
          display: true,
          text: subtitle,
          align: "start",
          color: colour.muted,
          font: letters(fontSize.subtitle),
        },
      },
      scales: {
        x: {
          min: -edge,
          max: edge,
          grid: { color: colour.grid },
          ticks: { ...tickStyle(colour.muted), callback: (value) => `${value} %` },
          title: axisTitle("difference from the median"),
        },
        y: {
          min: -0.5,
          max: rows.length - 0.5,
          reverse: true,
          afterFit: (scale) => {
            scale.width = LEFT;
          },
          afterBuildTicks: (scale) => {
            scale.ticks = rows.map((_, value) => ({ value }));
          },
          grid: { color: colour.grid },
          ticks: {
            autoSkip: false,
            color: colour.ink,
            font: letters(fontSize.event),
            callback: (value) => labels[Number(value)],
          },
        },
      },
    },
    plugins: [pageBackground],
  };
}

function intervalPoints({ low, high }: Interval, middle: number, y: number) {
  return [low, high].map((value) => ({ x: shareOf(value, middle), y }));
}

/** In percent of the median; 0 where the median is 0. */
function shareOf(value: number, middle: number): number {
  return middle === 0 ? 0 : (100 * (value - middle)) / middle;
}
