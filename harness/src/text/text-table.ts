// Text in the columns of a terminal, where some letters are two columns wide.
import stringWidth from "string-width";

/** The first column is aligned left, the others right. */
export function alignColumns(rows: readonly string[][]): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => stringWidth(row[column] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const padding = " ".repeat(widths[column]! - stringWidth(cell));
        return column === 0 ? cell + padding : padding + cell;
      })
      .join("   ")
      .trimEnd(),
  );
}

/** The beginning of the text that fits. */
export function cutTo(text: string, columns: number): string {
  const letters = [...text];
  while (stringWidth(letters.join("")) > columns) letters.pop();
  return letters.join("");
}
