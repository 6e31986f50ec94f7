// The name, colour and value of a line; pressing it hides or shows the line.
import type { ChartLine } from "../page-data.ts";
import { element } from "./elements.ts";

export interface Chip {
  readonly node: HTMLElement;
  show(figure: string): void;
}

export interface ChipEvents {
  /** The only line of a chart cannot be hidden. */
  isAlone: boolean;
  onToggle(isShown: boolean): void;
  onHighlight(isOn: boolean): void;
}

export function chipFor({ label, colour, summary }: ChartLine, events: ChipEvents): Chip {
  const value = element("span", { class: "value" }, summary);
  const show = (figure: string) => {
    value.textContent = figure;
  };
  const swatch = element("span", { class: "swatch", style: `background:${colour}` });
  if (events.isAlone) return { node: element("span", { class: "chip" }, swatch, label, value), show };
  const node = element(
    "button",
    { class: "chip", type: "button", "aria-pressed": "true" },
    swatch,
    label,
    value,
  );
  node.addEventListener("click", () => {
    const isShown = node.getAttribute("aria-pressed") !== "true";
    node.setAttribute("aria-pressed", String(isShown));
    events.onToggle(isShown);
  });
  node.addEventListener("pointerenter", () => events.onHighlight(true));
  node.addEventListener("pointerleave", () => events.onHighlight(false));
  return { node, show };
}
