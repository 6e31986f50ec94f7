// The backdrop of every chart: phases as bands, outages shaded, events as thin lines.
import type uPlot from "uplot";
import type { PageData } from "../page-data.ts";
import { ink } from "./colour-scheme.ts";

/** More lines would hide the data; zooming in leaves fewer. */
const MAX_LINES = 150;

export function backdrop({ phases, outages, events }: PageData): uPlot.Plugin {
  return {
    hooks: {
      drawClear: (plot) => {
        for (const [index, { startS, endS }] of phases.entries()) {
          if (index % 2 === 1) fillBand(plot, startS, endS, ink("phase"));
        }
        for (const { startS, endS } of outages) fillBand(plot, startS, endS, ink("outage"));
      },
      drawAxes: (plot) => {
        const { ctx, bbox } = plot;
        const places = events
          .map(({ timeS }) => plot.valToPos(timeS, "x", true))
          .filter((x) => x >= bbox.left && x <= bbox.left + bbox.width);
        if (new Set(places.map(Math.round)).size > MAX_LINES) return;
        ctx.save();
        ctx.strokeStyle = ink("event-line");
        ctx.lineWidth = devicePixelRatio;
        ctx.beginPath();
        for (const x of places) {
          ctx.moveTo(x, bbox.top);
          ctx.lineTo(x, bbox.top + bbox.height);
        }
        ctx.stroke();
        ctx.restore();
      },
    },
  };
}

function fillBand(plot: uPlot, startS: number, endS: number, colour: string): void {
  const { ctx, bbox } = plot;
  const right = bbox.left + bbox.width;
  const from = Math.min(Math.max(plot.valToPos(startS, "x", true), bbox.left), right);
  const to = Math.min(Math.max(plot.valToPos(endS, "x", true), bbox.left), right);
  ctx.fillStyle = colour;
  ctx.fillRect(from, bbox.top, to - from, bbox.height);
}
