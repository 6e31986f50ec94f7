// The scenario's own plots, as report.html draws them. Pure.
import { flowColour } from "../charts/theme.ts";
import type { RunResult } from "../result/result.ts";
import type { PagePlot } from "./page-data.ts";
import { thinned } from "./thinned.ts";

/** Bounds the page; result.json has all of them. */
const MOST_POINTS = 500;

export function pagePlots({ plots = [] }: RunResult): PagePlot[] {
  return plots.map(({ title, x, y, limits, series }) => ({
    ...{ title, x, y, limits },
    series: series.map(({ label, points }, index) => ({
      label,
      colour: flowColour(index),
      points: thinned(points, MOST_POINTS),
    })),
  }));
}
