// A terminal with an input line at the bottom: hides it, prints, and shows it again as it was.
import type { EditedLine } from "./line-editor.ts";

export interface InputLine {
  prompt: string;
  /** Columns that the prompt takes. */
  promptWidth: number;
  line: EditedLine;
}

const CLEAR_LINE = "\r\x1b[K";

export class Screen {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  /** The input line as it was drawn last. */
  #shown = "";

  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  /** Shows the input line, unless it stands there already. */
  show(input: InputLine): void {
    const drawn = this.#drawn(input);
    if (drawn !== this.#shown) this.#write(CLEAR_LINE + drawn);
    this.#shown = drawn;
  }

  /** Prints above the input line, if there is one. */
  print(text: string, input: InputLine | null): void {
    this.#shown = input ? this.#drawn(input) : "";
    this.#write(`${CLEAR_LINE}${text}\n${this.#shown}`);
  }

  /** Leaves the input line standing and goes on below it. */
  leaveLine(): void {
    this.#shown = "";
    this.#write("\n");
  }

  clear(): void {
    this.#shown = "";
    this.#write("\x1b[2J\x1b[H");
  }

  /** A line longer than the screen shows the part around its cursor. */
  #drawn({ prompt, promptWidth, line }: InputLine): string {
    const room = Math.max(8, this.#columns() - promptWidth - 1);
    const start = Math.max(0, line.cursor - room);
    const shown = line.text.slice(start, start + room);
    const column = promptWidth + line.cursor - start;
    return `${prompt}${shown}\r${column > 0 ? `\x1b[${column}C` : ""}`;
  }
}
