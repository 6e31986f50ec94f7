// Text on canvases: the font that is shipped, because a machine may have none, and control characters as dots, because a
// NUL makes a canvas throw and others are drawn as boxes.
import { GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import type { Plugin } from "chart.js";
import { builtFile } from "../own-package.ts";
import { printable } from "../text/printable.ts";
import { FONT_FAMILY } from "./theme.ts";

export function registerFonts(): void {
  if (GlobalFonts.has(FONT_FAMILY)) return;
  for (const name of ["Inter_400Regular.ttf", "Inter_600SemiBold.ttf"]) {
    const path = builtFile("fonts", name);
    if (!GlobalFonts.registerFromPath(path, FONT_FAMILY)) throw new Error(`cannot load the font ${path}`);
  }
}

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
