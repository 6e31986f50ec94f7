// The charts of report.html: all on the run's time axis, each with a scale of its own. Pure.
import { byteSeries } from "../charts/bytes-series.ts";
import {
  formatBytes,
  formatInterval,
  formatMegabytes,
  formatPercent,
  intervalFor,
  maximum,
  mean,
} from "../charts/quantities.ts";
import { flowColour } from "../charts/theme.ts";
import type { MeasuredProcess, RunResult } from "../result.ts";
import type { ChartLine, PageChart } from "./page-data.ts";
import { TimeGrid } from "./time-grid.ts";

/** Bounds the page: what is finer would not be seen, and costs bytes. */
const MOST_VALUES = 60_000;
const MOST_TIMES = 2_400;
const MOST_BARS = 400;

export function pageCharts(result: RunResult): PageChart[] {
  return [...processCharts(result), ...seriesCharts(result), ...networkCharts(result)];
}

/** Processes begin elsewhere in the palette than flows, so that the first of each differ. */
function processColour(index: number): string {
  return flowColour(index + 5);
}

function processCharts(result: RunResult): PageChart[] {
  const { durationMs, sampling, processes } = result;
  const mostTimes = Math.min(MOST_TIMES, Math.floor(MOST_VALUES / Math.max(1, 3 * processes.length)));
  const grid = new TimeGrid(Math.max(durationMs, 1), sampling.intervalMs, mostTimes);
  const { timesS } = grid;
  const sampled = processes
    .map((measured, index) => ({ measured, colour: processColour(index) }))
    .filter(({ measured }) => measured.samples.length > 0);
  if (sampled.length === 0) return [];
  const lines = (of: (measured: MeasuredProcess) => Pick<ChartLine, "summary" | "values">) =>
    sampled.map(({ measured, colour }) => ({ label: measured.label, colour, ...of(measured) }));
  return [
    {
      id: "cpu",
      title: "CPU",
      note: "100 % is one core, children included",
      quantity: { kind: "percent" },
      drawing: "steps",
      isLow: false,
      timesS,
      lines: lines(({ samples }) => ({
        summary: `mean ${formatPercent(mean(samples.map((sample) => sample.cpuPercent)))}`,
        values: grid
          .place(
            samples.map(({ timeMs, cpuPercent }) => ({ timeMs, value: cpuPercent })),
            "mean",
          )
          .map((value) => rounded(value)),
      })),
    },
    {
      id: "memory",
      title: "Memory",
      note: "resident, children included",
      quantity: { kind: "megabytes" },
      drawing: "lines",
      isLow: false,
      timesS,
      lines: lines(({ samples }) => ({
        summary: `max ${formatMegabytes(maximum(samples.map((sample) => sample.rssBytes)))}`,
        values: grid.place(
          samples.map(({ timeMs, rssBytes }) => ({ timeMs, value: rssBytes })),
          "most",
        ),
      })),
    },
  ];
}

function seriesCharts(_result: RunResult): PageChart[] {
  return [];
}

function networkCharts(result: RunResult): PageChart[] {
  if (result.connections.length === 0) return [];
  const { intervalMs, flows, totalBytes } = byteSeries(result, intervalFor(result.durationMs, MOST_BARS));
  const seen = flows
    .map((flow, index) => ({ ...flow, colour: flowColour(index) }))
    .filter(({ name }) => result.connections.some(({ flow }) => flow === name));
  const chart = {
    quantity: { kind: "bytes" },
    drawing: "bars",
    timesS: seen[0]!.bytesPerInterval.map((_, index) => (index * intervalMs) / 1_000),
  } as const;
  const line = ({ label, colour, totalBytes: bytes, bytesPerInterval }: (typeof seen)[number]) => ({
    label,
    colour,
    summary: formatBytes(bytes),
    values: bytesPerInterval,
  });
  const all: PageChart = {
    ...chart,
    id: "network",
    title: "Bytes on the wire",
    note: `per ${formatInterval(intervalMs)}, each counted once · ${formatBytes(totalBytes)} in all`,
    isLow: false,
    lines: seen.map(line),
  };
  // A handshake would hide a ping: each flow also has a chart of its own.
  const each = seen.map(
    (flow): PageChart => ({
      ...chart,
      id: `flow-${flow.name}`,
      title: flow.label,
      note: "",
      isLow: true,
      lines: [line(flow)],
    }),
  );
  return each.length > 1 ? [all, ...each] : [all];
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
