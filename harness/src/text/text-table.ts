// Text aligned in a terminal, where some letters are two columns wide.
import stringWidth from "string-width";

/** Aligns the first column left and the others right. */
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

/** As much of the text as fits into the columns. */
export function cutTo(text: string, columns: number): string {
  const letters = [...text];
  while (stringWidth(letters.join("")) > columns) letters.pop();
  return letters.join("");
}
