// All charts of a run, with the names of their files.
import type { RunResult } from "../result/result.ts";
import { chartFileNames, NETWORK_CHART } from "./chart-file-names.ts";
import { networkChart } from "./network-chart.ts";
import { plotChart } from "./plot-chart.ts";
import { processChart } from "./process-chart.ts";
import { renderPng } from "./render.ts";

export interface ChartFile {
  name: string;
  title: string;
  png: Buffer;
}

export function chartFiles(result: RunResult): ChartFile[] {
  const plots = (result.plots ?? []).map((plot) => ({
    name: `${plot.name}.png`,
    title: plot.title,
    png: renderPng(plotChart(result, plot)),
  }));
  const names = chartFileNames(
    result.processes.map((measured) => measured.id),
    plots.map(({ name }) => name),
  );
  const processes = result.processes.map((measured, index) => ({
    name: names[index]!,
    title: `CPU and memory of ${measured.label}`,
    png: renderPng(processChart(result, measured)),
  }));
  if (result.countsBytes === false) return [...plots, ...processes];
  const network = { name: NETWORK_CHART, title: "Network", png: renderPng(networkChart(result)) };
  return [...plots, ...processes, network];
}
