// Comma-separated values as in RFC 4180, except for the line ends.

export type CsvCell = number | string;

export function csvText(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(quote).join(",")}\n`).join("");
}

function quote(cell: CsvCell): string {
  if (typeof cell === "number") return String(Number(cell.toFixed(6)));
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
