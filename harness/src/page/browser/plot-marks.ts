// Marks over the lines or bars of a plot: the spread of each point, and limits with their names.
import type uPlot from "uplot";
import type { PagePlot } from "../page-data.ts";
import { ink } from "./colour-scheme.ts";

const WHISKER = 5;

/** `placeOf` gives the place of a point of a series on the axis. */
export function plotMarks(
  { series, limits = [] }: PagePlot,
  placeOf: (x: number, series: number) => number,
): uPlot.Plugin {
  return {
    hooks: {
      draw: (plot) => {
        const { ctx } = plot;
        ctx.save();
        ctx.scale(devicePixelRatio, devicePixelRatio);
        for (const [index, { points }] of series.entries()) {
          if (!plot.series[index + 1]?.show) continue;
          for (const { x, low, high } of points) {
            if (low !== undefined && high !== undefined) drawWhisker(plot, placeOf(x, index), low, high);
          }
        }
        for (const { label, y } of limits) drawLimit(plot, label, y);
        ctx.restore();
      },
    },
  };
}

function drawWhisker(plot: uPlot, place: number, low: number, high: number): void {
  const { ctx } = plot;
  const x = across(plot, place);
  ctx.strokeStyle = ink("ink");
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  for (const y of [up(plot, low), up(plot, high)]) {
    ctx.moveTo(x - WHISKER, y);
    ctx.lineTo(x + WHISKER, y);
  }
  ctx.moveTo(x, up(plot, low));
  ctx.lineTo(x, up(plot, high));
  ctx.stroke();
}

function drawLimit(plot: uPlot, label: string, value: number): void {
  const { ctx, bbox } = plot;
  const [left, right] = [bbox.left / devicePixelRatio, (bbox.left + bbox.width) / devicePixelRatio];
  const y = up(plot, value);
  ctx.strokeStyle = ink("bad");
  ctx.lineWidth = 1;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(right, y);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.font = "12px system-ui, sans-serif";
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  // An outline keeps the label readable over points and bars.
  ctx.strokeStyle = ink("card");
  ctx.lineWidth = 4;
  ctx.lineJoin = "round";
  ctx.strokeText(label, right - 4, y - 3);
  ctx.fillStyle = ink("bad");
  ctx.fillText(label, right - 4, y - 3);
}

function across(plot: uPlot, value: number): number {
  return plot.valToPos(value, "x", true) / devicePixelRatio;
}

function up(plot: uPlot, value: number): number {
  return plot.valToPos(value, "y", true) / devicePixelRatio;
}
