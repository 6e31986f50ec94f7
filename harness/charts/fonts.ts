// Registers the shipped font, because a machine may have none at all and charts would come out without letters.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GlobalFonts } from "@napi-rs/canvas";
import { FONT_FAMILY } from "./theme.ts";

const files = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

export function registerFonts(): void {
  if (GlobalFonts.has(FONT_FAMILY)) return;
  const packageFile = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/package.json");
  for (const file of files) {
    const path = join(dirname(packageFile), "ttf", file);
    if (GlobalFonts.registerFromPath(path, FONT_FAMILY) === null)
      throw new Error(`cannot load the font ${path}`);
  }
}
