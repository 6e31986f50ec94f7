// The scenario's own plots, as report.html draws them. Pure.
import { flowColour } from "../charts/theme.ts";
import type { RunResult } from "../result/result.ts";
import type { PagePlot } from "./page-data.ts";

/** Bounds the page; result.json has all of them. */
const MOST_POINTS = 500;

export function pagePlots({ plots = [] }: RunResult): PagePlot[] {
  return plots.map(({ title, x, y, limits, series }) => ({
    ...{ title, x, y, limits },
    series: series.map(({ label, points }, index) => ({
      label,
      colour: flowColour(index),
      points: thinned(points),
    })),
  }));
}

/** Each so-manieth, from the first to the last. */
function thinned<Point>(points: readonly Point[]): Point[] {
  if (points.length <= MOST_POINTS) return [...points];
  const stride = (points.length - 1) / (MOST_POINTS - 1);
  return Array.from({ length: MOST_POINTS }, (_, index) => points[Math.round(index * stride)]!);
}
