// Visible characters, each of which can be several code units and take two columns or none.
import stringWidth from "string-width";

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

export function graphemesOf(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/** The longest start of `text` that fits in `columns`. */
export function startWithin(text: string, columns: number): string {
  return longest(graphemesOf(text), columns, (start, grapheme) => start + grapheme);
}

/** The same from the end. */
export function endWithin(text: string, columns: number): string {
  return longest(graphemesOf(text).reverse(), columns, (end, grapheme) => grapheme + end);
}

function longest(
  graphemes: readonly string[],
  columns: number,
  join: (text: string, grapheme: string) => string,
): string {
  let fitting = "";
  for (const grapheme of graphemes) {
    const longer = join(fitting, grapheme);
    if (stringWidth(longer) > columns) break;
    fitting = longer;
  }
  return fitting;
}
