// The figures that the scenario itself measured, as text: the median over the rounds, and their spread. Pure.
import type { Figure, RunResult } from "../result/result.ts";
import { median } from "../statistics/quantiles.ts";
import { grouped, significant } from "./quantities.ts";

export interface FigureTexts {
  name: string;
  median: string;
  /** Empty with one round. */
  spread: string;
  rounds: number;
  cell?: Figure["cell"];
}

export function figureTexts({ figures = [] }: RunResult): FigureTexts[] {
  return figures.map(({ name, unit, values, cell }) => ({
    name,
    median: shown(median(values), unit),
    spread:
      values.length > 1 ? `${shown(Math.min(...values), "")} – ${shown(Math.max(...values), unit)}` : "",
    rounds: values.length,
    cell,
  }));
}

function shown(value: number, unit: string): string {
  return `${grouped(significant(value))} ${unit}`.trim();
}
