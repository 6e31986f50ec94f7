// The panels of the network chart: their base lines, and their names and totals at the right as a legend.
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Plugin } from "chart.js";
import { formatBytes } from "../text/quantities.ts";
import { shorten } from "./event-labels.ts";
import { colour, font, fontSize, PAGE, PLOT } from "./theme.ts";

export interface Panel {
  /** The id of its axis in the chart. */
  id: string;
  label: string;
  bytes: number;
  bytesPerInterval: number[];
  /** Null for the total, which has the colours of the flows. */
  colour: string | null;
}

const SWATCH = { left: PLOT.right + 12, width: 5 } as const;
const TEXT_LEFT = SWATCH.left + SWATCH.width + 7;
const TEXT_ROOM = PAGE.width - 6 - TEXT_LEFT;
const SMALLEST_NAME = 10;
/** Panels that are not this high have one line of text. */
const TWO_LINES_HEIGHT = 34;

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
      const size = nameSize(context, panels);
      for (const panel of panels) {
        const axis = chart.scales[panel.id];
        if (axis) drawLegend(context, panel, size, axis.top, axis.bottom);
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

/** The largest size at which all names fit; at the smallest readable size they are cut. */
function nameSize(context: SKRSContext2D, panels: Panel[]): number {
  let size: number = fontSize.tick;
  for (; size > SMALLEST_NAME; size--) {
    context.font = font(size, "bold");
    if (panels.every((panel) => context.measureText(panel.label).width <= TEXT_ROOM)) break;
  }
  return size;
}

function drawLegend(context: SKRSContext2D, panel: Panel, size: number, top: number, bottom: number): void {
  const middle = (top + bottom) / 2;
  const isLow = bottom - top < TWO_LINES_HEIGHT;
  const height = isLow ? bottom - top - 4 : TWO_LINES_HEIGHT - 2;
  if (panel.colour !== null) {
    context.fillStyle = panel.colour;
    context.fillRect(SWATCH.left, middle - height / 2, SWATCH.width, height);
  }
  context.fillStyle = colour.ink;
  context.font = font(isLow ? SMALLEST_NAME : size, "bold");
  const fits = (text: string) => context.measureText(text).width <= TEXT_ROOM;
  const bytes = formatBytes(panel.bytes);
  context.fillText(shorten(panel.label, isLow ? ` ${bytes}` : "", fits), TEXT_LEFT, middle - (isLow ? 0 : 8));
  if (isLow) return;
  context.font = font(fontSize.tick);
  context.fillText(bytes, TEXT_LEFT, middle + 9);
}
