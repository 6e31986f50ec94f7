// The surroundings of the data on every chart and the room they take: title, failure strip, phases and events.
import { createCanvas } from "@napi-rs/canvas";
import type { Outage, Phase, RunEvent, RunResult } from "../result/result.ts";
import { maximum, sum } from "../statistics/totals.ts";
import { counted, grouped } from "../text/quantities.ts";
import { drawOnlyPrintable, registerFonts } from "./canvas-text.ts";
import { type Label, layOutLabels, SLANT } from "./event-labels.ts";
import { font, fontSize, MARGIN, PAGE, PLOT } from "./theme.ts";

interface HeaderNote {
  text: string;
  colour: string;
}

interface FrameSpec {
  title: string;
  subtitle: string;
  /** Figures at the right of the title, one line each. */
  notes: HeaderNote[];
  /** The events that this chart is about; others are drawn fainter. */
  isOwnEvent: (event: RunEvent) => boolean;
  /** Shown in the plot if there is nothing to draw. */
  emptyNote: string | null;
}

export interface Frame extends FrameSpec {
  top: number;
  bottom: number;
  durationMs: number;
  labels: Label[];
  /** There are too many events to draw a line through the plot for each. */
  isCrowded: boolean;
  phases: Phase[];
  outages: Outage[];
  failure: string | null;
}

export const HEADER_HEIGHT = 68;
export const FAILURE_HEIGHT = 26;
const LABEL_LINE_HEIGHT = 15;
export const ELBOW_HEIGHT = 16;
export const PHASE_HEIGHT = 18;
/** More lines through the plot would hide the data. */
const MAX_EVENT_LINES = 150;
/** The room below the plot for phases, ticks and title. */
export const TIME_AXIS = { height: 62, tickPadding: PHASE_HEIGHT + 4 } as const;

const ruler = createCanvas(1, 1).getContext("2d");
drawOnlyPrintable(ruler);

function widthOf(text: string, fontText: string): number {
  registerFonts();
  ruler.font = fontText;
  return ruler.measureText(text).width;
}

function failureOf(result: RunResult): string | null {
  if (result.status === "passed") return null;
  const failedChecks = result.checks.filter((check) => !check.passed).map((check) => check.name);
  const reason = result.failure?.message ?? (failedChecks.join("; ") || "no reason given");
  return `${result.status.toUpperCase()}: ${reason.replace(/\s+/g, " ")}`;
}

export function frameFor(result: RunResult, spec: FrameSpec): Frame {
  const durationMs = Math.max(result.durationMs, 1);
  const place = (timeMs: number) =>
    PLOT.left + (Math.min(timeMs, durationMs) / durationMs) * (PLOT.right - PLOT.left);
  const labels = layOutLabels(
    result.events.map((event) => ({
      x: place(event.timeMs),
      text: event.label,
      isStrong: spec.isOwnEvent(event),
    })),
    {
      left: PLOT.left,
      right: PAGE.width - 6,
      lineHeight: LABEL_LINE_HEIGHT,
      maxWidth: 112,
      maxShift: 56,
      measure: (text) => widthOf(text, font(fontSize.event)),
    },
  );
  const failure = failureOf(result);
  const longest = maximum(labels.map((label) => label.width));
  const labelsHeight =
    labels.length === 0 ? 8 : (longest + LABEL_LINE_HEIGHT) * Math.sin(SLANT) + ELBOW_HEIGHT;
  const top = HEADER_HEIGHT + (failure ? FAILURE_HEIGHT + 8 : 0) + labelsHeight;
  const bottom = PAGE.height - TIME_AXIS.height - MARGIN / 2;
  const { phases, outages = [] } = result;
  const isCrowded =
    new Set(result.events.map(({ timeMs }) => Math.round(place(timeMs)))).size > MAX_EVENT_LINES;
  const subtitle = isCrowded ? `${labelCounts(labels)} · ${spec.subtitle}` : spec.subtitle;
  return { ...spec, subtitle, top, bottom, durationMs, labels, isCrowded, phases, outages, failure };
}

function labelCounts(labels: readonly Label[]): string {
  const events = sum(labels.map(({ marks }) => marks.length));
  const unnamed = sum(labels.map((label) => label.unnamed));
  return `${counted(events, "event", "events")}, ${grouped(unnamed)} of them without a label`;
}
