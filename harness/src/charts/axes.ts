// The axes that all charts share, and the options that place the plot exactly where the frame expects it.
import type { ChartOptions, ScaleOptionsByType } from "chart.js";
import type { RunResult } from "../result/result.ts";
import { formatBytes } from "../text/quantities.ts";
import { type Frame, TIME_AXIS } from "./frame.ts";
import { axisFor } from "./scales.ts";
import { colour, FONT_FAMILY, fontSize, PAGE, PIXELS_PER_POINT, PLOT } from "./theme.ts";

type LinearAxis = { type: "linear" } & DeepPartial<ScaleOptionsByType<"linear">>;
type DeepPartial<T> = T extends (...args: never[]) => unknown
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

const AXIS_WIDTH = 64;

interface Range {
  max: number;
  step: number;
}

export function environmentLine(result: RunResult): string {
  const { nodeVersion, cpuCount, cpuModel, platform } = result.environment;
  const model = cpuModel
    .replace(/\((R|TM)\)|\bCPU\b/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return `Node ${nodeVersion.replace(/^v/, "")} on ${platform}, ${cpuCount} × ${model} · ${result.startedAt.slice(0, 10)}`;
}

export function baseOptions(frame: Frame, { hasRightAxis }: { hasRightAxis: boolean }): ChartOptions {
  return {
    devicePixelRatio: PIXELS_PER_POINT,
    parsing: false,
    normalized: true,
    events: [],
    layout: {
      autoPadding: false,
      padding: {
        top: frame.top,
        bottom: PAGE.height - frame.bottom - TIME_AXIS.height,
        left: PLOT.left - AXIS_WIDTH,
        right: PAGE.width - PLOT.right - (hasRightAxis ? AXIS_WIDTH : 0),
      },
    },
    plugins: {
      legend: { display: false },
      tooltip: { enabled: false },
      decimation: { enabled: true, algorithm: "min-max" },
    },
  };
}

export function timeAxis(frame: Frame): LinearAxis {
  return {
    type: "linear",
    min: 0,
    max: frame.durationMs / 1_000,
    offset: false,
    afterFit: (scale) => {
      scale.height = TIME_AXIS.height;
    },
    border: { color: colour.axis },
    // The only vertical lines are the marks of events.
    grid: { drawOnChartArea: false, drawTicks: false },
    ticks: {
      ...tickStyle(colour.muted),
      includeBounds: false,
      maxRotation: 0,
      padding: TIME_AXIS.tickPadding,
      maxTicksLimit: 13,
    },
    title: axisTitle("time (s)", colour.ink),
  };
}

export function leftAxis(text: string, range: Range, ink: string): LinearAxis {
  return {
    ...valueAxis(text, range, ink),
    position: "left",
    afterFit: (scale) => {
      scale.width = AXIS_WIDTH;
    },
  };
}

export function rightAxis(text: string, range: Range, ink: string): LinearAxis {
  return {
    ...valueAxis(text, range, ink),
    position: "right",
    grid: { drawOnChartArea: false, drawTicks: false },
    afterFit: (scale) => {
      scale.width = AXIS_WIDTH;
    },
  };
}

/** One of several stacked axes, each with its own scale and some space above. */
export function panelAxis(most: number, panel: { weight: number; steps: number }): LinearAxis {
  const { max, step } = axisFor(Math.max(most, 20), panel.steps);
  const axis = leftAxis("", { max: max * 1.25, step }, colour.muted);
  return {
    ...axis,
    stack: "panels",
    stackWeight: panel.weight,
    afterBuildTicks: (scale) => {
      scale.ticks = Array.from({ length: panel.steps }, (_, index) => ({ value: (index + 1) * step }));
    },
    ticks: {
      ...axis.ticks,
      autoSkip: false,
      callback: (value) => formatBytes(Number(value)).replace(".0 ", " "),
    },
    title: { display: false },
  };
}

function valueAxis(text: string, range: Range, ink: string): LinearAxis {
  return {
    type: "linear",
    min: 0,
    max: range.max,
    border: { display: false },
    grid: { color: colour.grid, drawTicks: false },
    ticks: { ...tickStyle(ink), stepSize: range.step, padding: 8 },
    title: axisTitle(text, ink),
  };
}

export function tickStyle(ink: string) {
  return { color: ink, font: { family: FONT_FAMILY, size: fontSize.tick } };
}

export function axisTitle(text: string, ink: string = colour.ink) {
  return {
    display: true,
    text,
    color: ink,
    font: { family: FONT_FAMILY, size: fontSize.axis, weight: "bold" as const },
  };
}
