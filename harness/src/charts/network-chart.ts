// Bytes over time, like an I/O graph of Wireshark: at the top the total, stacked by flow, and below it each flow on its
// own scale, because a handshake of 2 kB would hide a ping of 7 bytes.
import type { ChartConfiguration } from "chart.js";
import { type ByteSeries, byteSeries } from "../result/byte-series.ts";
import type { RunResult } from "../result/result.ts";
import { maximum } from "../statistics/totals.ts";
import { counted, formatBytes, formatInterval } from "../text/quantities.ts";
import { baseOptions, environmentLine, panelAxis, timeAxis } from "./axes.ts";
import { type Frame, frameFor } from "./frame.ts";
import { framePlugin } from "./frame-plugin.ts";
import { type Panel, panelsPlugin } from "./panels.ts";
import { intervalFor } from "./scales.ts";
import { colour, flowColour, PLOT } from "./theme.ts";

type Bars = ChartConfiguration["data"]["datasets"][number];

export function networkChart(result: RunResult): ChartConfiguration {
  const series = byteSeries(result, intervalFor(result.durationMs));
  const frame = networkFrame(result, series);
  const total: Panel = {
    id: "total",
    label: "Total",
    colour: null,
    bytes: series.totalBytes,
    bytesPerInterval: series.bytesPerInterval,
  };
  // The colour of a flow does not depend on whether other flows were seen.
  const flows: (Panel & { colour: string })[] = series.flows
    .map((flow, index) => ({
      ...flow,
      id: `flow ${flow.name}`,
      bytes: flow.totalBytes,
      colour: flowColour(index),
    }))
    .filter((flow) => result.connections.some((connection) => connection.flow === flow.name));
  return {
    type: "bar",
    data: {
      datasets: [
        ...flows.map((flow) => bars(flow, total.id, series.intervalMs, frame)),
        // In its own panel even a single byte is visible.
        ...flows.map((flow) => ({ ...bars(flow, flow.id, series.intervalMs, frame), minBarLength: 2 })),
      ],
    },
    options: {
      ...baseOptions(frame, { hasRightAxis: false }),
      scales: {
        x: timeAxis(frame),
        // Chart.js stacks axes from the bottom up.
        ...Object.fromEntries(
          flows.map((flow) => [flow.id, axisOf(flow, { weight: 1, steps: 1 })]).reverse(),
        ),
        [total.id]: axisOf(total, { weight: 3, steps: 4 }),
      },
    },
    plugins: [
      framePlugin(frame),
      panelsPlugin([total, ...flows], `bytes per ${formatInterval(series.intervalMs)}`),
    ],
  };
}

function networkFrame(result: RunResult, series: ByteSeries): Frame {
  const peak = formatBytes(maximum(series.bytesPerInterval));
  return frameFor(result, {
    title: `${result.scenario.title} · network`,
    subtitle: `${counted(result.connections.length, "connection", "connections")}, each byte counted once · ${environmentLine(result)}`,
    notes: [
      { text: `Total ${formatBytes(series.totalBytes)}`, colour: colour.ink },
      { text: `peak ${peak} in ${formatInterval(series.intervalMs)}`, colour: colour.muted },
    ],
    emptyNote: result.connections.length === 0 ? "no connection was seen" : null,
    isOwnEvent: () => true,
  });
}

function axisOf(panel: Panel, room: { weight: number; steps: number }) {
  return panelAxis(maximum(panel.bytesPerInterval), room);
}

function bars(panel: Panel & { colour: string }, axisId: string, intervalMs: number, frame: Frame): Bars {
  const middle = (index: number) => ((index + 0.5) * intervalMs) / 1_000;
  const width = ((PLOT.right - PLOT.left) * intervalMs) / Math.max(frame.durationMs, intervalMs);
  return {
    type: "bar",
    data: panel.bytesPerInterval.flatMap((bytes, index) =>
      bytes > 0 ? [{ x: middle(index), y: bytes }] : [],
    ),
    yAxisID: axisId,
    stack: axisId,
    grouped: false,
    barThickness: Math.max(width, 2),
    backgroundColor: panel.colour,
  };
}
