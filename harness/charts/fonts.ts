// Registers the shipped font, because a machine may have none at all and charts would come out without letters.
import { createRequire } from "node:module";
import { GlobalFonts } from "@napi-rs/canvas";
import { FONT_FAMILY } from "./theme.ts";

export function registerFonts(): void {
  if (GlobalFonts.has(FONT_FAMILY)) return;
  const require = createRequire(import.meta.url);
  const files = [
    require.resolve("@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf"),
    require.resolve("@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf"),
  ];
  for (const path of files) {
    if (!GlobalFonts.registerFromPath(path, FONT_FAMILY)) throw new Error(`cannot load the font ${path}`);
  }
}
