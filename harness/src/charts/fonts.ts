// Registers the shipped font: on a machine without fonts charts would have no text.
import { GlobalFonts } from "@napi-rs/canvas";
import { builtFile } from "../own-package.ts";
import { FONT_FAMILY } from "./theme.ts";

export function registerFonts(): void {
  if (GlobalFonts.has(FONT_FAMILY)) return;
  for (const name of ["Inter_400Regular.ttf", "Inter_600SemiBold.ttf"]) {
    const path = builtFile("fonts", name);
    if (!GlobalFonts.registerFromPath(path, FONT_FAMILY)) throw new Error(`cannot load the font ${path}`);
  }
}
