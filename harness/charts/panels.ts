// The names and totals at the right of the network chart's panels, which serve as its legend.
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Plugin } from "chart.js";
import { shorten } from "./event-labels.ts";
import { formatBytes } from "./quantities.ts";
import { colour, font, fontSize, PAGE, PLOT } from "./theme.ts";

const SWATCH = 5;

export interface Panel {
  /** Its axis in the chart. */
  id: string;
  label: string;
  bytes: number;
  colour: string;
}

export function panelsPlugin(panels: Panel[], unit: string): Plugin {
  return {
    id: "panels",
    beforeDatasetsDraw(chart) {
      const context: SKRSContext2D = chart.ctx;
      context.save();
      for (const panel of panels) drawBaseline(context, chart.scales[panel.id]?.bottom ?? 0);
      context.restore();
    },
    afterDatasetsDraw(chart) {
      const context: SKRSContext2D = chart.ctx;
      context.save();
      context.textBaseline = "middle";
      drawUnit(context, unit, (chart.chartArea.top + chart.chartArea.bottom) / 2);
      for (const panel of panels) {
        const axis = chart.scales[panel.id];
        if (axis) drawPanel(context, panel, axis.top, axis.bottom);
      }
      context.restore();
    },
  };
}

function drawBaseline(context: SKRSContext2D, y: number): void {
  context.strokeStyle = colour.axis;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(PLOT.left, y);
  context.lineTo(PLOT.right, y);
  context.stroke();
}

function drawUnit(context: SKRSContext2D, unit: string, middle: number): void {
  context.save();
  context.translate(16, middle);
  context.rotate(-Math.PI / 2);
  context.textAlign = "center";
  context.fillStyle = colour.ink;
  context.font = font(fontSize.axis, "bold");
  context.fillText(unit, 0, 0);
  context.restore();
}

function drawPanel(context: SKRSContext2D, panel: Panel, top: number, bottom: number): void {
  const left = PLOT.right + 12;
  const textLeft = left + SWATCH + 7;
  const room = PAGE.width - 6 - textLeft;
  const middle = (top + bottom) / 2;
  context.fillStyle = panel.colour;
  context.fillRect(left, middle - 16, SWATCH, 32);
  context.fillStyle = colour.ink;
  context.font = font(fontSize.tick, "bold");
  context.fillText(
    shorten(panel.label, "", (text) => context.measureText(text).width <= room),
    textLeft,
    middle - 8,
  );
  context.font = font(fontSize.tick);
  context.fillText(formatBytes(panel.bytes), textLeft, middle + 9);
}
