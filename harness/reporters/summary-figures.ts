// What the scenario itself measured, as tables of summary.md.
import { significant } from "../checks/figures.ts";
import type { RunResult } from "../result.ts";
import { median } from "../statistics/quantiles.ts";
import { escaped, table } from "./markdown.ts";

export function figuresSection({ figures = [], settings = {} }: RunResult): string {
  if (figures.length === 0) return "";
  const rows = figures.map(({ name, unit, values }) => [
    escaped(name),
    shown(median(values), unit),
    values.length > 1 ? `${shown(Math.min(...values), "")} – ${shown(Math.max(...values), unit)}` : "",
    values.length,
  ]);
  const sizes = Object.entries(settings).map(([name, value]) => `${escaped(name)} = ${value}`);
  const note = sizes.length > 0 ? `At ${sizes.join(", ")}.\n\n` : "";
  return `### Figures\n\n${note}${table(["Figure", "Median", "Lowest – highest", "Rounds"], rows)}`;
}

function shown(value: number, unit: string): string {
  return escaped(
    `${significant(value).toLocaleString("en-US", { maximumFractionDigits: 6 })} ${unit}`.trim(),
  );
}
