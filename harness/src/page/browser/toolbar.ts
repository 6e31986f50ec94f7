// The toolbar, which stays visible: the pointed moment, and zoom by buttons and keys.
import type { PageData } from "../page-data.ts";
import { element } from "./elements.ts";
import { timeFigure } from "./figures.ts";
import type { Timeline } from "./timeline.ts";

const STEP = 0.01;
const FAR_STEP = 0.1;
/** Events within this share of the window from the pointer are named. */
const NEAR = 0.008;

export function toolbar(data: PageData, timeline: Timeline): HTMLElement {
  const readout = element("output", { class: "readout" });
  const reset = button("Reset zoom", "Show the whole run (0)", () => timeline.showAll());
  const update = () => {
    readout.textContent = pointedAt(data, timeline);
    reset.disabled = timeline.isWhole;
  };
  timeline.onPoint(update);
  timeline.onWindow(update);
  update();
  return element(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Time" },
    readout,
    element(
      "span",
      { class: "buttons" },
      button("◀", "Earlier (Shift ←)", () => timeline.pan(-0.5)),
      button("−", "Zoom out (−)", () => timeline.zoom("out")),
      button("+", "Zoom in (+)", () => timeline.zoom("in")),
      button("▶", "Later (Shift →)", () => timeline.pan(0.5)),
      reset,
    ),
  );
}

/** Arrow keys move the pointer, with Shift the window; +, − and 0 zoom. */
export function listenForKeys(node: HTMLElement, timeline: Timeline): void {
  const actions: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: ({ shiftKey }) => (shiftKey ? timeline.pan(-FAR_STEP) : timeline.step(-STEP)),
    ArrowRight: ({ shiftKey }) => (shiftKey ? timeline.pan(FAR_STEP) : timeline.step(STEP)),
    "+": () => timeline.zoom("in"),
    "=": () => timeline.zoom("in"),
    "-": () => timeline.zoom("out"),
    "0": () => timeline.showAll(),
    Escape: () => timeline.point(null),
  };
  node.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey ? undefined : actions[event.key];
    if (!action) return;
    action(event);
    event.preventDefault();
  });
}

function button(text: string, title: string, action: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", title, "aria-label": title }, text);
  made.addEventListener("click", action);
  return made;
}

function pointedAt({ phases, outages, events }: PageData, { pointedS, window }: Timeline): string {
  const span = `${timeFigure(window.fromS)} – ${timeFigure(window.toS)}`;
  if (pointedS === null) return span;
  const within = [...phases, ...outages].filter(({ startS, endS }) => pointedS >= startS && pointedS < endS);
  const reach = (window.toS - window.fromS) * NEAR;
  const near = events.filter(({ timeS }) => Math.abs(timeS - pointedS) <= reach);
  const parts = [
    timeFigure(pointedS),
    ...within.map(({ label }) => label),
    ...near.map(({ label }) => label),
  ];
  return parts.slice(0, 6).join(" · ");
}
