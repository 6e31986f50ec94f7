// All charts of a run, with the names of their files.
import type { RunResult } from "../result.ts";
import { chartFileNames, NETWORK_CHART } from "./chart-file-names.ts";
import { networkChart } from "./network-chart.ts";
import { processChart } from "./process-chart.ts";
import { renderPng } from "./render.ts";

export interface ChartFile {
  name: string;
  title: string;
  png: Buffer;
}

export function chartFiles(result: RunResult): ChartFile[] {
  const names = chartFileNames(result.processes.map((measured) => measured.id));
  const processes = result.processes.map((measured, index) => ({
    name: names[index]!,
    title: `CPU and memory of ${measured.label}`,
    png: renderPng(processChart(result, measured)),
  }));
  return [...processes, { name: NETWORK_CHART, title: "Network", png: renderPng(networkChart(result)) }];
}
