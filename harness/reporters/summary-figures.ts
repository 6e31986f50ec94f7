// What the scenario itself measured, as tables of summary.md.
import type { RunResult } from "../result.ts";
import { figureTexts } from "./figure-texts.ts";
import { escaped, table } from "./markdown.ts";

export function figuresSection(result: RunResult): string {
  const figures = figureTexts(result);
  if (figures.length === 0) return "";
  const rows = figures.map(({ name, median, spread, rounds }) => [
    ...[name, median, spread].map(escaped),
    rounds,
  ]);
  const sizes = Object.entries(result.settings ?? {}).map(([name, value]) => `${escaped(name)} = ${value}`);
  const note = sizes.length > 0 ? `At ${sizes.join(", ")}.\n\n` : "";
  return `### Figures\n\n${note}${table(["Figure", "Median", "Lowest – highest", "Rounds"], rows)}`;
}
