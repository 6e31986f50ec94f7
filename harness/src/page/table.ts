// Makes one table of report.html, and formats its cells.
import type { Cell, PageTable } from "./page-data.ts";

/** Longer tables are cut; result.json has all rows. */
const MAX_ROWS = 400;
export const NOTHING = "–";

export function table(
  given: { title: string; header: string[]; rows: Cell[][] } & Partial<PageTable>,
): PageTable {
  const hiddenRows = Math.max(0, given.rows.length - MAX_ROWS);
  return { note: "", isLong: false, ...given, rows: given.rows.slice(0, MAX_ROWS), hiddenRows };
}

export function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
