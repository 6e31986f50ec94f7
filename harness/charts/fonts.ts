// Registers the shipped font, because a machine may have none at all and charts would come out without letters.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { GlobalFonts } from "@napi-rs/canvas";
import { FONT_FAMILY } from "./theme.ts";

/** A regular and a bold weight, all that charts use. */
const shipped = {
  package: "dejavu-fonts-ttf",
  files: ["ttf/DejaVuSans.ttf", "ttf/DejaVuSans-Bold.ttf"],
};

export function registerFonts(): void {
  if (GlobalFonts.has(FONT_FAMILY)) return;
  const folder = dirname(createRequire(import.meta.url).resolve(`${shipped.package}/package.json`));
  for (const file of shipped.files) {
    const path = join(folder, file);
    if (GlobalFonts.registerFromPath(path, FONT_FAMILY) === null) throw new Error(`cannot load the font ${path}`);
  }
}
