// All charts of a run, with the names of their files.
import type { RunResult } from "../result.ts";
import { networkChart } from "./network-chart.ts";
import { processChart } from "./process-chart.ts";
import { renderPng } from "./render.ts";

export interface ChartFile {
  name: string;
  title: string;
  png: Buffer;
}

const NETWORK = "network.png";

/** `<process id>.png`, kept to letters that any file system takes and never a name already taken. */
export function chartFileNames(processIds: string[]): string[] {
  const taken = new Set([NETWORK]);
  return processIds.map((id) => {
    const stem = id.replace(/[^\w.-]+/g, "-").replace(/^\.+/, "") || "process";
    let name = `${stem}.png`;
    for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${stem}-${next}.png`;
    taken.add(name.toLowerCase());
    return name;
  });
}

export function chartFiles(result: RunResult): ChartFile[] {
  const names = chartFileNames(result.processes.map((measured) => measured.id));
  const processes = result.processes.map((measured, index) => ({
    name: names[index]!,
    title: `CPU and memory of ${measured.label}`,
    png: renderPng(processChart(result, measured)),
  }));
  return [...processes, { name: NETWORK, title: "Network", png: renderPng(networkChart(result)) }];
}
