// One process over time, as psrecord plots it: CPU on the left in red, real memory on the right in blue.
import type { ChartConfiguration } from "chart.js";
import type { MeasuredProcess, RunResult } from "../result.ts";
import { baseOptions, environmentLine, leftAxis, rightAxis, timeAxis } from "./axes.ts";
import { frameFor } from "./frame.ts";
import { framePlugin } from "./frame-plugin.ts";
import { axisFor, formatMegabytes, formatPercent, maximum, mean } from "./quantities.ts";
import { colour } from "./theme.ts";

const STEPS = 5;

/** From here on samples stand closer than a point, and a thick line would be a solid band. */
const MANY_SAMPLES = 800;

export function processChart(result: RunResult, measured: MeasuredProcess): ChartConfiguration {
  const start = { x: measured.startedAtMs / 1_000, y: 0 };
  const cpu = [
    start,
    ...measured.samples.map((sample) => ({ x: sample.timeMs / 1_000, y: sample.cpuPercent })),
  ];
  const memory = measured.samples.map((sample) => ({ x: sample.timeMs / 1_000, y: sample.rssBytes / 1e6 }));
  const percents = measured.samples.map((sample) => sample.cpuPercent);
  const most = maximum(measured.samples.map((sample) => sample.rssBytes));
  const isEmpty = measured.samples.length === 0;
  const frame = frameFor(result, {
    title: `${result.scenario.title} · ${measured.label}`,
    subtitle: `${endOf(measured)}sampled every ${result.sampling.intervalMs} ms · ${environmentLine(result)}`,
    notes: isEmpty
      ? []
      : [
          {
            text: `CPU mean ${formatPercent(mean(percents))}, max ${formatPercent(maximum(percents))}`,
            colour: colour.cpu,
          },
          { text: `Memory max ${formatMegabytes(most)}`, colour: colour.memory },
        ],
    isOwnEvent: (event) => event.processId === measured.id,
    emptyNote: isEmpty ? "no sample was taken" : null,
  });
  return {
    type: "line",
    data: {
      datasets: [
        {
          data: memory,
          yAxisID: "memory",
          borderColor: colour.memory,
          borderWidth: 2.2,
          pointRadius: memory.length === 1 ? 4 : 0,
          pointBackgroundColor: colour.memory,
        },
        {
          data: cpu,
          yAxisID: "cpu",
          borderColor: colour.cpu,
          backgroundColor: colour.cpuFill,
          borderWidth: cpu.length > MANY_SAMPLES ? 0.7 : 1.3,
          // A sample tells the mean since the one before it.
          stepped: "after",
          fill: "origin",
          pointRadius: 0,
        },
      ],
    },
    options: {
      ...baseOptions(frame, { hasRightAxis: true }),
      scales: {
        x: timeAxis(frame),
        cpu: leftAxis("CPU (%)", axisFor(Math.max(maximum(percents), 5), STEPS), colour.cpu),
        memory: rightAxis("Real memory (MB)", axisFor(Math.max(most / 1e6, 5), STEPS), colour.memory),
      },
    },
    plugins: [framePlugin(frame)],
  };
}

/** How a process ended, when that is worth saying. */
function endOf(measured: MeasuredProcess): string {
  if (measured.endedAtMs === null) return "";
  const at = `at ${(measured.endedAtMs / 1_000).toFixed(1)} s`;
  if (measured.signal !== null) return `ended ${at} by ${measured.signal} · `;
  return measured.exitCode === 0 ? "" : `ended ${at} with exit code ${measured.exitCode} · `;
}
