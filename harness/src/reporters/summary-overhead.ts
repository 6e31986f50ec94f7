// What measuring cost, and how well it kept its times.

import type { RunResult } from "../result/result.ts";
import { escaped, table } from "../text/markdown.ts";
import { formatPercent } from "../text/quantities.ts";

export function overheadSection({ overhead, capture, durationMs }: RunResult): string {
  if (!overhead) return "";
  const { harnessCpuPercent, ticksMissed, scheduleErrorMs, clockResolutionMs, probes = [] } = overhead;
  const errors = [scheduleErrorMs.p50, scheduleErrorMs.p99, scheduleErrorMs.max].map((ms) => ms.toFixed(1));
  const rows = [
    ["CPU of the harness", `${formatPercent(harnessCpuPercent)} of a core`],
    ...probes.map(({ processId, workMs }) => [
      `Probe in ${escaped(processId)}`,
      `${workMs.toFixed(1)} ms, ${((100 * workMs) / durationMs).toFixed(2)} % of a core`,
    ]),
    ["Ticks missed", ticksMissed],
    ["Schedule error p50 / p99 / max", `${errors.join(" / ")} ms`],
    ["Clock resolution", `${Math.round(clockResolutionMs * 1e6)} ns`],
    ...(capture ? [["Packets that the capture dropped", capture.packetsDropped]] : []),
  ];
  return `### What measuring cost\n\n${table(["Cost", "Measured"], rows)}`;
}
