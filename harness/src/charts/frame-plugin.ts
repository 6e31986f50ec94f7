// Draws the frame around the data of a chart, and the marks of events behind the data.
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Plugin } from "chart.js";
import type { Outage } from "../result/result.ts";
import { type Mark, SLANT, shorten } from "./event-labels.ts";
import { ELBOW_HEIGHT, FAILURE_HEIGHT, type Frame, HEADER_HEIGHT, PHASE_HEIGHT } from "./frame.ts";
import { colour, font, fontSize, MARGIN, PAGE, PLOT } from "./theme.ts";

/** A label of more events points only at the first and the last of them. */
const MAX_ELBOWS = 10;
/** The distance from the plot's upper edge to the middle of an outage's name. */
const OUTAGE_NAME_DEPTH = 12;

export function framePlugin(frame: Frame): Plugin {
  return {
    id: "frame",
    beforeDraw(chart) {
      const context: SKRSContext2D = chart.ctx;
      context.save();
      context.fillStyle = colour.page;
      context.fillRect(0, 0, PAGE.width, PAGE.height);
      drawPhases(context, frame);
      drawOutages(context, frame);
      context.restore();
    },
    // Behind the data, so that no data is hidden.
    beforeDatasetsDraw(chart) {
      const context: SKRSContext2D = chart.ctx;
      context.save();
      drawHeader(context, frame);
      drawEvents(context, frame);
      nameOutages(context, frame);
      if (frame.emptyNote !== null) drawEmptyNote(context, frame.emptyNote, frame);
      context.restore();
    },
  };
}

function drawHeader(context: SKRSContext2D, frame: Frame): void {
  const right = PAGE.width - MARGIN;
  context.textBaseline = "alphabetic";
  context.textAlign = "right";
  let notesWidth = 0;
  for (const [index, note] of frame.notes.entries()) {
    context.font = font(fontSize.axis, "bold");
    context.fillStyle = note.colour;
    context.fillText(note.text, right, 34 + index * 20);
    notesWidth = Math.max(notesWidth, context.measureText(note.text).width);
  }
  context.textAlign = "left";
  context.fillStyle = colour.ink;
  context.font = font(fontSize.title, "bold");
  const room = right - notesWidth - MARGIN - MARGIN;
  context.fillText(
    shorten(frame.title, "", (text) => context.measureText(text).width <= room),
    MARGIN,
    36,
  );
  context.fillStyle = colour.muted;
  context.font = font(fontSize.subtitle);
  context.fillText(
    shorten(frame.subtitle, "", (text) => context.measureText(text).width <= room),
    MARGIN,
    56,
  );
  if (frame.failure !== null) drawFailure(context, frame.failure);
}

function drawFailure(context: SKRSContext2D, failure: string): void {
  const width = PAGE.width - 2 * MARGIN;
  context.fillStyle = colour.failureFill;
  context.fillRect(MARGIN, HEADER_HEIGHT, width, FAILURE_HEIGHT);
  context.fillStyle = colour.failure;
  context.fillRect(MARGIN, HEADER_HEIGHT, 4, FAILURE_HEIGHT);
  context.font = font(fontSize.axis, "bold");
  context.textBaseline = "middle";
  const fits = (text: string) => context.measureText(text).width <= width - 24;
  context.fillText(shorten(failure, "", fits), MARGIN + 14, HEADER_HEIGHT + FAILURE_HEIGHT / 2 + 1);
}

function drawEmptyNote(context: SKRSContext2D, note: string, frame: Frame): void {
  const [x, y] = [(PLOT.left + PLOT.right) / 2, (frame.top + frame.bottom) / 2];
  context.font = font(fontSize.axis, "bold");
  context.textAlign = "center";
  context.textBaseline = "middle";
  const width = context.measureText(note).width + 24;
  context.fillStyle = colour.page;
  context.fillRect(x - width / 2, y - 14, width, 28);
  context.fillStyle = colour.muted;
  context.fillText(note, x, y);
}

function drawPhases(context: SKRSContext2D, frame: Frame): void {
  const scale = (PLOT.right - PLOT.left) / frame.durationMs;
  context.font = font(fontSize.phase);
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const [index, phase] of frame.phases.entries()) {
    const left = PLOT.left + Math.min(phase.startMs, frame.durationMs) * scale;
    const right = PLOT.left + Math.min(phase.endMs, frame.durationMs) * scale;
    context.fillStyle = colour.phase[index % 2]!;
    context.fillRect(left, frame.top, right - left, frame.bottom - frame.top);
    context.fillStyle = colour.phaseName[index % 2]!;
    context.fillRect(left, frame.bottom, right - left, PHASE_HEIGHT);
    const fits = (text: string) => context.measureText(text).width <= right - left - 6;
    const name = shorten(phase.name, "", fits);
    context.fillStyle = colour.muted;
    if (fits(name)) context.fillText(name, (left + right) / 2, frame.bottom + PHASE_HEIGHT / 2 + 1);
  }
}

function bandOf(outage: Outage, frame: Frame): { left: number; right: number } {
  const scale = (PLOT.right - PLOT.left) / frame.durationMs;
  const place = (timeMs: number) => PLOT.left + Math.min(timeMs, frame.durationMs) * scale;
  return { left: place(outage.startMs), right: place(outage.endMs) };
}

function drawOutages(context: SKRSContext2D, frame: Frame): void {
  for (const outage of frame.outages) {
    const { left, right } = bandOf(outage, frame);
    context.fillStyle = colour.outage;
    context.fillRect(left, frame.top, right - left, frame.bottom - frame.top);
    context.fillStyle = colour.outageEdge;
    for (const edge of [left, right - 1]) context.fillRect(edge, frame.top, 1, frame.bottom - frame.top);
  }
}

/** Drawn over the marks of events, which can fill the band of an outage. */
function nameOutages(context: SKRSContext2D, frame: Frame): void {
  context.font = font(fontSize.phase, "bold");
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.strokeStyle = colour.outageHalo;
  context.lineWidth = 4;
  context.lineJoin = "round";
  for (const outage of frame.outages) {
    const { left, right } = bandOf(outage, frame);
    const fits = (text: string) => context.measureText(text).width <= right - left - 8;
    const name = shorten(outage.label, "", fits);
    if (!fits(name)) continue;
    const [x, y] = [(left + right) / 2, frame.top + OUTAGE_NAME_DEPTH];
    context.strokeText(name, x, y);
    context.fillStyle = colour.outageName;
    context.fillText(name, x, y);
  }
}

/** One mark for each pixel, an emphasised one if there is any. */
function onePerPoint(marks: readonly Mark[]): Mark[] {
  const places = new Map<number, Mark>();
  for (const mark of marks) {
    const place = Math.round(mark.x);
    if (mark.isStrong || !places.has(place)) places.set(place, mark);
  }
  return [...places.values()];
}

function drawEvents(context: SKRSContext2D, frame: Frame): void {
  const line = frame.top - ELBOW_HEIGHT;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.font = font(fontSize.event);
  for (const label of [...frame.labels].sort((a, b) => Number(a.isStrong) - Number(b.isStrong))) {
    const marks = onePerPoint(label.marks);
    for (const [index, mark] of marks.entries()) {
      const hasElbow = marks.length <= MAX_ELBOWS || index === 0 || index === marks.length - 1;
      context.strokeStyle = mark.isStrong ? colour.muted : colour.faint;
      context.lineWidth = 0.8;
      context.beginPath();
      context.moveTo(hasElbow ? label.x : mark.x, hasElbow ? line : frame.top - 2);
      context.lineTo(mark.x, frame.top - 2);
      context.lineTo(mark.x, frame.top + 3);
      context.stroke();
      if (frame.isCrowded) continue;
      context.globalAlpha = mark.isStrong ? 0.5 : 0.4;
      context.setLineDash([2, 3]);
      context.beginPath();
      context.moveTo(mark.x, frame.top + 3);
      context.lineTo(mark.x, frame.bottom);
      context.stroke();
      context.setLineDash([]);
      context.globalAlpha = 1;
    }
    context.save();
    context.translate(label.x, line - 2);
    context.rotate(-SLANT);
    context.fillStyle = label.isStrong ? colour.ink : colour.muted;
    context.fillText(label.text, 4, 0);
    context.restore();
  }
}
