// The name of a line, its colour and its figure; pressed, it hides the line or shows it again.
import type { ChartLine } from "../page-data.ts";
import { element } from "./elements.ts";

export interface Chip {
  readonly node: HTMLElement;
  tell(figure: string): void;
}

export interface ChipEvents {
  /** There is no other line, so this one is never hidden. */
  isAlone: boolean;
  onToggle(isShown: boolean): void;
  onStress(isOn: boolean): void;
}

export function chipFor({ label, colour, summary }: ChartLine, events: ChipEvents): Chip {
  const value = element("span", { class: "value" }, summary);
  const tell = (figure: string) => {
    value.textContent = figure;
  };
  const swatch = element("span", { class: "swatch", style: `background:${colour}` });
  if (events.isAlone) return { node: element("span", { class: "chip" }, swatch, label, value), tell };
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
  node.addEventListener("pointerenter", () => events.onStress(true));
  node.addEventListener("pointerleave", () => events.onStress(false));
  return { node, tell };
}
