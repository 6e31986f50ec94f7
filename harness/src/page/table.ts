// One table of report.html, and what its cells have in common.
import type { Cell, PageTable } from "./page-data.ts";

/** result.json has them whole. */
const MOST_ROWS = 400;
export const NOTHING = "–";

export function table(
  given: { title: string; header: string[]; rows: Cell[][] } & Partial<PageTable>,
): PageTable {
  const hiddenRows = Math.max(0, given.rows.length - MOST_ROWS);
  return { note: "", isLong: false, ...given, rows: given.rows.slice(0, MOST_ROWS), hiddenRows };
}

export function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
