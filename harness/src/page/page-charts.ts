// The charts of report.html: all on the run's time axis, each with its own scale, and the scenario's own plots. Pure.
import { intervalFor } from "../charts/scales.ts";
import { flowColour } from "../charts/theme.ts";
import { byteSeries } from "../result/byte-series.ts";
import type { MeasuredProcess, RunResult, ValueSeries } from "../result/result.ts";
import { maximum, mean, minimum } from "../statistics/totals.ts";
import {
  formatBytes,
  formatInterval,
  formatMegabytes,
  formatPercent,
  rounded,
  significant,
} from "../text/quantities.ts";
import type { ChartLine, PageChart, PagePlot } from "./page-data.ts";
import { thinned } from "./thinned.ts";
import { TimeGrid } from "./time-grid.ts";

/** These limit the size of the page: finer detail would not be visible. */
const MAX_VALUES = 36_000;
const MAX_TIMES = 2_000;
const MAX_BARS = 400;
const MAX_POINTS = 1_000;
const MAX_PLOT_POINTS = 500;

export function pageCharts(result: RunResult): PageChart[] {
  return [...processCharts(result), ...seriesCharts(result), ...networkCharts(result)];
}

/** Processes start at another colour of the palette than flows, so that their first colours differ. */
function processColour(index: number): string {
  return flowColour(index + 5);
}

function processCharts(result: RunResult): PageChart[] {
  const { durationMs, sampling, processes } = result;
  const maxTimes = Math.min(
    MAX_TIMES,
    Math.max(MAX_TIMES / 10, Math.floor(MAX_VALUES / Math.max(1, 3 * processes.length))),
  );
  const grid = new TimeGrid(Math.max(durationMs, 1), sampling.intervalMs, maxTimes);
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
        values: fromStart(
          grid.place(
            samples.map(({ timeMs, cpuPercent }) => ({ timeMs, value: cpuPercent })),
            "mean",
          ),
        ),
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
          "max",
        ),
      })),
    },
    ...loopChart(result, grid),
  ];
}

function loopChart({ processes }: RunResult, grid: TimeGrid): PageChart[] {
  const lines = processes.flatMap(({ label, loopDelays = [] }, index): ChartLine[] => {
    if (loopDelays.length === 0) return [];
    const most = maximum(loopDelays.map(({ maxMs }) => maxMs));
    const late = loopDelays.map(({ timeMs, maxMs }) => ({ timeMs, value: maxMs }));
    return [
      {
        label,
        colour: processColour(index),
        summary: `max ${most.toFixed(1)} ms`,
        values: fromStart(grid.place(late, "max")),
      },
    ];
  });
  if (lines.length === 0) return [];
  return [
    {
      id: "loop",
      title: "Event-loop delay",
      note: "the longest delay of timers, for programs on Node",
      quantity: { kind: "number", unit: "ms" },
      drawing: "steps",
      isLow: false,
      timesS: grid.timesS,
      lines,
    },
  ];
}

/** Values that programs printed: a chart for each name, a line for each process. */
function seriesCharts({ series = [], processes }: RunResult): PageChart[] {
  const names = [...new Set(series.map(({ name }) => name))];
  return names.map((name) => {
    const all = series.filter((one) => one.name === name);
    const shown = all.map((one) => shortened(one, Math.floor(MAX_TIMES / all.length)));
    const timesMs = [...new Set(shown.flatMap(({ points }) => points.map(({ timeMs }) => timeMs)))];
    const inOrder = timesMs.sort((one, other) => one - other);
    const { label, unit } = shown[0]!;
    return {
      id: `series-${name}`,
      title: label,
      note: "as the programs printed it",
      quantity: { kind: "number", unit },
      drawing: "dots",
      isLow: false,
      timesS: inOrder.map((timeMs) => timeMs / 1_000),
      lines: shown.map(({ processId, points }) => {
        const valueAt = new Map(points.map(({ timeMs, value }) => [timeMs, value]));
        const values = points.map(({ value }) => value);
        const least = significant(minimum(values));
        const belowZero = least < 0 ? `min ${least}, ` : "";
        const index = processes.findIndex(({ id }) => id === processId);
        return {
          label: processes[index]?.label ?? processId,
          colour: processColour(Math.max(index, 0)),
          summary: `${belowZero}max ${significant(maximum(values))} ${unit}`.trim(),
          values: inOrder.map((timeMs) => valueAt.get(timeMs) ?? null),
        };
      }),
    };
  });
}

/** Keeps the last points. Processes print at different times, and each time needs a place in all lines. */
function shortened(series: ValueSeries, maxEach: number): ValueSeries {
  const max = Math.max(1, Math.min(MAX_POINTS, maxEach));
  return { ...series, points: series.points.slice(-max) };
}

function networkCharts(result: RunResult): PageChart[] {
  if (result.connections.length === 0) return [];
  const { intervalMs, flows, totalBytes } = byteSeries(result, intervalFor(result.durationMs, MAX_BARS));
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
    note: `per ${formatInterval(intervalMs)}, each byte counted once · ${formatBytes(totalBytes)} in total`,
    isLow: false,
    lines: seen.map(line),
  };
  // A handshake would hide a ping, so each flow also has its own chart.
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

function hundredths(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value) => value && rounded(value));
}

export function pagePlots({ plots = [] }: RunResult): PagePlot[] {
  return plots.map(({ title, x, y, limits, series }) => ({
    title,
    x,
    y,
    limits,
    series: series.map(({ label, points }, index) => ({
      label,
      colour: flowColour(index),
      points: thinned(points, MAX_PLOT_POINTS),
    })),
  }));
}

/** For steps: the first value also holds before its time, since the process started. */
function fromStart(values: readonly (number | null)[]): (number | null)[] {
  const steps = hundredths(values);
  const first = steps.findIndex((value) => value !== null);
  if (first > 0) steps[first - 1] = steps[first]!;
  return steps;
}
