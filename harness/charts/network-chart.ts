// Bytes over time, as a Wireshark I/O graph: the total with its flows stacked above, and below it each flow by
// itself on its own scale, because a handshake of 2 kB would hide a ping of 7 bytes.
import type { ChartConfiguration, ChartDataset } from "chart.js";
import type { RunResult } from "../result.ts";
import { baseOptions, environmentLine, panelAxis, timeAxis } from "./axes.ts";
import { byteSeries, type FlowSeries } from "./bytes-series.ts";
import { frameFor, framePlugin } from "./frame.ts";
import { panelsPlugin } from "./panels.ts";
import { formatBytes, formatInterval, intervalFor, maximum } from "./quantities.ts";
import { colour, flowColour, PLOT } from "./theme.ts";

export function networkChart(result: RunResult): ChartConfiguration {
  const series = byteSeries(result, intervalFor(result.durationMs));
  const interval = formatInterval(series.intervalMs);
  const frame = frameFor(result, {
    title: `${result.scenario.title} · network`,
    subtitle: `${result.connections.length} connections, each byte counted once · ${environmentLine(result)}`,
    notes: [
      { text: `Total ${formatBytes(series.totalBytes)}`, colour: colour.ink },
      { text: `peak ${formatBytes(maximum(series.bytesPerInterval))} in ${interval}`, colour: colour.muted },
    ],
    emptyNote: result.connections.length === 0 ? "no connection was seen" : null,
    isOwnEvent: () => true,
  });
  const middle = (index: number) => ((index + 0.5) * series.intervalMs) / 1_000;
  const barWidth =
    ((PLOT.right - PLOT.left) * series.intervalMs) / Math.max(result.durationMs, series.intervalMs);
  const bars = (
    flow: FlowSeries,
    index: number,
    yAxisID: string,
    minBarLength: number,
  ): ChartDataset<"bar", { x: number; y: number }[]> => ({
    type: "bar",
    data: flow.bytesPerInterval.flatMap((bytes, at) => (bytes > 0 ? [{ x: middle(at), y: bytes }] : [])),
    yAxisID,
    stack: yAxisID,
    minBarLength,
    grouped: false,
    barThickness: Math.max(barWidth, 2),
    backgroundColor: flowColour(index),
  });
  const panels = [
    {
      id: "total",
      label: "Total",
      bytes: series.totalBytes,
      colour: colour.ink as string,
      weight: 3,
      steps: 4,
      most: maximum(series.bytesPerInterval),
    },
    ...series.flows.map((flow, index) => ({
      id: `flow ${flow.name}`,
      label: flow.label,
      bytes: flow.totalBytes,
      colour: flowColour(index),
      weight: 1,
      steps: 1,
      most: maximum(flow.bytesPerInterval),
    })),
  ];
  return {
    type: "bar",
    data: {
      datasets: [
        ...series.flows.map((flow, index) => bars(flow, index, "total", 0)),
        ...series.flows.map((flow, index) => bars(flow, index, `flow ${flow.name}`, 2)),
      ],
    },
    options: {
      ...baseOptions(frame, { hasRightAxis: false }),
      scales: {
        x: timeAxis(frame),
        // Chart.js stacks axes from the bottom up.
        ...Object.fromEntries(panels.map((panel) => [panel.id, panelAxis(panel.most, panel)]).reverse()),
      },
    },
    plugins: [framePlugin(frame), panelsPlugin(panels, `bytes per ${interval}`)],
  };
}
