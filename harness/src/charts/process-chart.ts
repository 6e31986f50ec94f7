// One process over time, as psrecord plots it: CPU on the left axis in red, real memory on the right axis in blue.
import type { ChartConfiguration } from "chart.js";
import { livesOf } from "../result/restarts.ts";
import type { Life, MeasuredProcess, ProcessSample, RunResult } from "../result/result.ts";
import { maximum, mean } from "../statistics/totals.ts";
import { formatMegabytes, formatPercent } from "../text/quantities.ts";
import { baseOptions, environmentLine, leftAxis, rightAxis, timeAxis } from "./axes.ts";
import { frameFor } from "./frame.ts";
import { framePlugin } from "./frame-plugin.ts";
import { axisFor } from "./scales.ts";
import { colour } from "./theme.ts";

type Line = ChartConfiguration["data"]["datasets"][number];

const STEPS = 5;

/** With more samples than this a thick line would be a solid band. */
const MANY_SAMPLES = 800;

export function processChart(result: RunResult, measured: MeasuredProcess): ChartConfiguration {
  const lives = livesOf(measured);
  const percents = measured.samples.map((sample) => sample.cpuPercent);
  const peakBytes = maximum(measured.samples.map((sample) => sample.rssBytes));
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
          { text: `Memory max ${formatMegabytes(peakBytes)}`, colour: colour.memory },
        ],
    isOwnEvent: (event) => event.processId === measured.id,
    emptyNote: isEmpty ? "no sample was taken" : null,
  });
  return {
    type: "line",
    data: {
      datasets: [
        ...lives.map((life) => memoryLine(samplesOf(measured, life))),
        ...lives.map((life) => cpuLine(life, samplesOf(measured, life), measured.samples.length)),
      ],
    },
    options: {
      ...baseOptions(frame, { hasRightAxis: true }),
      scales: {
        x: timeAxis(frame),
        cpu: leftAxis("CPU (%)", axisFor(Math.max(maximum(percents), 5), STEPS), colour.cpu),
        memory: rightAxis("Real memory (MB)", axisFor(Math.max(peakBytes / 1e6, 5), STEPS), colour.memory),
      },
    },
    plugins: [framePlugin(frame)],
  };
}

function samplesOf(measured: MeasuredProcess, { startedAtMs, endedAtMs }: Life): ProcessSample[] {
  const end = endedAtMs ?? Number.POSITIVE_INFINITY;
  return measured.samples.filter(({ timeMs }) => startedAtMs <= timeMs && timeMs <= end);
}

function memoryLine(samples: ProcessSample[]): Line {
  return {
    data: samples.map(({ timeMs, rssBytes }) => ({ x: timeMs / 1_000, y: rssBytes / 1e6 })),
    yAxisID: "memory",
    borderColor: colour.memory,
    borderWidth: 2.2,
    pointRadius: samples.length === 1 ? 4 : 0,
    pointBackgroundColor: colour.memory,
  };
}

function cpuLine({ startedAtMs }: Life, samples: ProcessSample[], sampleCount: number): Line {
  const measured = samples.map(({ timeMs, cpuPercent }) => ({ x: timeMs / 1_000, y: cpuPercent }));
  return {
    data: [{ x: startedAtMs / 1_000, y: 0 }, ...measured],
    yAxisID: "cpu",
    borderColor: colour.cpu,
    backgroundColor: colour.cpuFill,
    borderWidth: sampleCount > MANY_SAMPLES ? 0.7 : 1.3,
    // A sample is the mean since the one before it.
    stepped: "after",
    fill: "origin",
    pointRadius: 0,
  };
}

/** How the process and its earlier lives ended, except with exit code 0. */
function endOf(measured: MeasuredProcess): string {
  return livesOf(measured).map(endOfLife).join("");
}

function endOfLife({ endedAtMs, signal, exitCode }: Life): string {
  if (endedAtMs === null) return "";
  const at = `at ${(endedAtMs / 1_000).toFixed(1)} s`;
  if (signal !== null) return `ended ${at} by ${signal} · `;
  return exitCode === 0 ? "" : `ended ${at} with exit code ${exitCode} · `;
}
