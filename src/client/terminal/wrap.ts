// Lines that are too long for the terminal go on in the next row, between words.
import stringWidth from "string-width";

/** Rows after the first of a line are indented by this much more than it. */
const INDENT = "  ";

/** Colours take no room; a word that is longer than a row is left to the terminal. */
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
