// The bar that stays visible: the moment pointed at, and zoom by buttons and keys.
import type { PageData } from "../page-data.ts";
import { element } from "./elements.ts";
import { timeFigure } from "./figures.ts";
import type { Story } from "./story.ts";

const STEP = 0.01;
const FAR_STEP = 0.1;
/** An event this near to what is pointed at, as a part of what is seen, is named. */
const NEAR = 0.008;

export function toolbar(data: PageData, story: Story): HTMLElement {
  const readout = element("output", { class: "readout" });
  const reset = button("Reset zoom", "Show the whole run (0)", () => story.showAll());
  const tell = () => {
    readout.textContent = pointedAt(data, story);
    reset.disabled = story.isWhole;
  };
  story.onPoint(tell);
  story.onWindow(tell);
  tell();
  return element(
    "div",
    { class: "toolbar", role: "toolbar", "aria-label": "Time" },
    readout,
    element(
      "span",
      { class: "buttons" },
      button("◀", "Earlier (Shift ←)", () => story.pan(-0.5)),
      button("−", "Zoom out (−)", () => story.zoom("out")),
      button("+", "Zoom in (+)", () => story.zoom("in")),
      button("▶", "Later (Shift →)", () => story.pan(0.5)),
      reset,
    ),
  );
}

/** Arrows point, with Shift they move what is seen; + − 0 zoom. */
export function listenForKeys(node: HTMLElement, story: Story): void {
  const actions: Record<string, (event: KeyboardEvent) => void> = {
    ArrowLeft: ({ shiftKey }) => (shiftKey ? story.pan(-FAR_STEP) : story.step(-STEP)),
    ArrowRight: ({ shiftKey }) => (shiftKey ? story.pan(FAR_STEP) : story.step(STEP)),
    "+": () => story.zoom("in"),
    "=": () => story.zoom("in"),
    "-": () => story.zoom("out"),
    "0": () => story.showAll(),
    Escape: () => story.point(null),
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

function pointedAt({ phases, outages, events }: PageData, { pointedS, window }: Story): string {
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
