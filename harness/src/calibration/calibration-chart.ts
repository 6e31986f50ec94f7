// One panel for each sampler on a common time axis: what the sampler read, and as a thin line what the program used.
import type { ChartConfiguration, Plugin } from "chart.js";
import { axisTitle, leftAxis, tickStyle } from "../charts/axes.ts";
import {
  colour,
  flowColour,
  font,
  fontSize,
  MARGIN,
  PIXELS_PER_POINT,
  pageBackground,
} from "../charts/theme.ts";
import { type Calibration, errorOf } from "./calibrate.ts";

type Line = ChartConfiguration["data"]["datasets"][number];

const MAX_PERCENT = 125;
const TOP = 78;

export function calibrationChart(calibrations: readonly Calibration[]): ChartConfiguration {
  const startMs = Math.min(...calibrations.flatMap(({ windows }) => windows.map((window) => window.startMs)));
  const x = (timeMs: number) => (timeMs - startMs) / 1_000;
  return {
    type: "line",
    data: {
      datasets: calibrations.flatMap(({ name, windows }, index): Line[] => [
        line(
          name,
          flowColour(index),
          windows.map((window) => ({ x: x(window.endMs), y: window.sampledPercent })),
        ),
        {
          ...line(
            name,
            colour.ink,
            windows.map((window) => ({ x: x(window.endMs), y: window.truePercent })),
          ),
          order: -1,
        },
      ]),
    },
    options: {
      devicePixelRatio: PIXELS_PER_POINT,
      parsing: false,
      events: [],
      layout: { padding: { top: TOP, right: MARGIN, bottom: MARGIN / 2, left: MARGIN / 2 } },
      plugins: { legend: { display: false }, tooltip: { enabled: false } },
      scales: {
        x: {
          type: "linear",
          min: 0,
          max: Math.max(...calibrations.flatMap(({ windows }) => windows.map((window) => x(window.endMs)))),
          grid: { display: false },
          ticks: { ...tickStyle(colour.muted), includeBounds: false },
          title: axisTitle("time (s)"),
        },
        // Chart.js stacks axes from the bottom up.
        ...Object.fromEntries(calibrations.map(({ name }, index) => [name, panel(index)] as const).reverse()),
      },
    },
    plugins: [pageBackground, captions(calibrations)],
  };
}

function panel(index: number) {
  const axis = leftAxis("CPU (%)", { max: MAX_PERCENT, step: 25 }, flowColour(index));
  // The highest tick would overlap the 0 of the panel above.
  const callback = (percent: number | string) => (percent === MAX_PERCENT ? "" : percent);
  return { ...axis, ticks: { ...axis.ticks, callback }, stack: "samplers", stackWeight: 1 };
}

function line(axisId: string, itsColour: string, data: { x: number; y: number }[]): Line {
  return {
    type: "line",
    data,
    yAxisID: axisId,
    borderColor: itsColour,
    borderWidth: itsColour === colour.ink ? 1 : 2.5,
    stepped: "after",
    pointRadius: 0,
  };
}

function captions(calibrations: readonly Calibration[]): Plugin {
  return {
    id: "captions",
    afterDraw({ ctx, scales }) {
      const write = (
        text: string,
        at: { x: number; y: number },
        size: number,
        itsColour: string,
        isBold: boolean,
      ) => {
        ctx.fillStyle = itsColour;
        ctx.font = font(size, isBold ? "bold" : "normal");
        ctx.fillText(text, at.x, at.y);
      };
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      write("Two samplers, one program", { x: MARGIN, y: 28 }, fontSize.title, colour.ink, true);
      const subtitle =
        "It burns 0, 25, 50 and 100 % of a core. Thin line: the CPU time that the program itself reports.";
      write(subtitle, { x: MARGIN, y: 55 }, fontSize.subtitle, colour.muted, false);
      for (const [index, calibration] of calibrations.entries()) {
        const [time, cpu] = ["x", calibration.name].map((name) => scales[name]!);
        const [left, top] = [time!.left + 8, cpu!.top + 14];
        const errors = `every ${calibration.intervalMs} ms: off by ${[0.5, 0.95].map((share) => errorOf(calibration, share).toFixed(1)).join(" (p50) and ")} points (p95)`;
        write(`${calibration.name}, ${errors}`, { x: left, y: top }, fontSize.axis, flowColour(index), true);
      }
    },
  };
}
