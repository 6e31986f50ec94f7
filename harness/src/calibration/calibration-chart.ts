// Samplers above each other over one time axis: what each read, and in ink what the program used.
import type { ChartConfiguration, Plugin } from "chart.js";
import { leftAxis } from "../charts/axes.ts";
import {
  colour,
  FONT_FAMILY,
  flowColour,
  font,
  fontSize,
  MARGIN,
  PIXELS_PER_POINT,
} from "../charts/theme.ts";
import { type Calibration, errorOf } from "./calibrate.ts";

type Line = ChartConfiguration["data"]["datasets"][number];

const MOST_PERCENT = 125;
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
          ticks: {
            includeBounds: false,
            color: colour.muted,
            font: { family: FONT_FAMILY, size: fontSize.tick },
          },
          title: {
            display: true,
            text: "time (s)",
            color: colour.ink,
            font: { family: FONT_FAMILY, size: fontSize.axis, weight: "bold" },
          },
        },
        // Chart.js stacks axes from the bottom up.
        ...Object.fromEntries(calibrations.map(({ name }, index) => [name, panel(index)] as const).reverse()),
      },
    },
    plugins: [captions(calibrations)],
  };
}

function panel(index: number) {
  const axis = leftAxis("CPU (%)", { max: MOST_PERCENT, step: 25 }, flowColour(index));
  // The highest tick would stand on the 0 of the panel above.
  const callback = (percent: number | string) => (percent === MOST_PERCENT ? "" : percent);
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
    beforeDraw({ ctx, width, height }) {
      ctx.fillStyle = colour.page;
      ctx.fillRect(0, 0, width, height);
    },
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
      const subtitle = "It burns 0, 25, 50 and 100 % of a core. Thin line: what it used, by its own account.";
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
