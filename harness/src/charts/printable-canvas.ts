// Lets a canvas draw any text: a NUL would make it throw, other control characters would be drawn as boxes.
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Plugin } from "chart.js";
import { printable } from "../text/printable.ts";

export const printableCanvas: Plugin = {
  id: "printable-canvas",
  beforeInit: ({ ctx }) => drawOnlyPrintable(ctx),
};

export function drawOnlyPrintable(
  context: Pick<SKRSContext2D, "fillText" | "strokeText" | "measureText">,
): void {
  const { fillText, strokeText, measureText } = context;
  context.fillText = (text, ...place) => fillText.call(context, printable(text), ...place);
  context.strokeText = (text, ...place) => strokeText.call(context, printable(text), ...place);
  context.measureText = (text) => measureText.call(context, printable(text));
}
