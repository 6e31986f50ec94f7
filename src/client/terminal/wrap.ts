// Wraps lines that are too long for the terminal between words.
import stringWidth from "string-width";

/** Rows after the first of a line are indented by this much more than it. */
const INDENT = "  ";

/** Colours count as zero columns; the terminal breaks a word longer than a row. */
export function wrap(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => (stringWidth(line) <= columns ? line : wrapLine(line, columns)))
    .join("\n");
}

function wrapLine(line: string, columns: number): string {
  const indent = (/^ */.exec(line)?.[0] ?? "") + INDENT;
  const rows: string[] = [];
  let row = "";
  for (const word of line.match(/\s*\S+/g) ?? []) {
    if (row === "" || stringWidth(row + word) <= columns) {
      row += word;
    } else {
      rows.push(row);
      row = indent + word.trimStart();
    }
  }
  return [...rows, row].join("\n");
}
