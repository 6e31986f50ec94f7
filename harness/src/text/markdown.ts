// Markdown: tables, code blocks, and text that must not act as markup.
import { printable } from "./printable.ts";
import { grouped } from "./quantities.ts";

/** Columns of numbers are aligned right, others left. */
export function table(header: string[], rows: (string | number)[][]): string {
  const isNumeric = header.map(
    (_, column) => rows.length > 0 && rows.every((row) => looksNumeric(row[column])),
  );
  const rule = isNumeric.map((numeric) => (numeric ? "---:" : "---"));
  const lines = [
    header,
    rule,
    ...rows.map((row) => row.map((cell) => (typeof cell === "number" ? grouped(cell) : cell))),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

export function escaped(text: string): string {
  return printable(text.replace(/\s+/g, " ")).replace(/[\\`*_|<>[\]#~]/g, (character) => `\\${character}`);
}

/** A code block whose fence is longer than any run of backticks inside. */
export function codeBlock(lines: string[]): string {
  const longest = Math.max(2, ...[...lines.join("\n").matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${lines.map(printable).join("\n")}\n${fence}\n`;
}

function looksNumeric(cell: string | number | undefined): boolean {
  return typeof cell === "number" || cell === "–" || /^-?[\d.,]+( [a-zA-Z%]+)?$/.test(cell ?? "");
}
