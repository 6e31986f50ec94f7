// What the scenario itself measured, as tables of summary.md.
import type { RunResult } from "../result/result.ts";
import { escaped, table } from "../text/markdown.ts";
import { type FigureTexts, figureTexts } from "./figure-texts.ts";

export function figuresSection(result: RunResult): string {
  const figures = figureTexts(result);
  if (figures.length === 0) return "";
  const sizes = Object.entries(result.settings ?? {}).map(([name, value]) => `${escaped(name)} = ${value}`);
  const note = sizes.length > 0 ? `At ${sizes.join(", ")}.\n\n` : "";
  const alone = figures.filter(({ cell }) => !cell);
  const list = alone.length > 0 ? [lines(alone)] : [];
  return `### Figures\n\n${note}${[...list, ...tables(figures)].join("\n")}`;
}

function lines(figures: readonly FigureTexts[]): string {
  const rows = figures.map(({ name, median, spread, rounds }) => [
    ...[name, median, spread].map(escaped),
    rounds,
  ]);
  return table(["Figure", "Median", "Lowest – highest", "Rounds"], rows);
}

/** Those with a cell; rows and columns in the order in which they were first measured. */
function tables(figures: readonly FigureTexts[]): string[] {
  const titles = new Set(figures.flatMap(({ cell }) => cell?.table ?? []));
  return [...titles].map((title) => {
    const own = figures.filter(({ cell }) => cell?.table === title);
    const columns = [...new Set(own.map(({ cell }) => cell?.column ?? ""))];
    const rows = [...new Set(own.map(({ cell }) => cell?.row ?? ""))].map((row) => {
      const inColumn = (column: string) =>
        own.find(({ cell }) => cell?.row === row && cell.column === column)?.median ?? "–";
      return [row, ...columns.map(inColumn)].map(escaped);
    });
    return table([title, ...columns].map(escaped), rows);
  });
}
