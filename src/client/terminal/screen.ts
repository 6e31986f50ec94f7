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
  #input: InputLine | null = null;

  constructor(write: (text: string) => void, columns: () => number) {
    this.#write = write;
    this.#columns = columns;
  }

  show(input: InputLine): void {
    this.#input = input;
    this.#write(CLEAR_LINE + this.#drawn(input));
  }

  /** Prints above the input line. */
  print(text: string): void {
    const lines = text.replaceAll("\n", "\r\n");
    this.#write(`${CLEAR_LINE}${lines}\r\n${this.#input ? this.#drawn(this.#input) : ""}`);
  }

  /** Leaves the input line standing as it is and goes on below it. */
  leaveLine(): void {
    if (this.#input)
      this.show({ ...this.#input, line: { ...this.#input.line, cursor: this.#input.line.text.length } });
    this.#input = null;
    this.#write("\r\n");
  }

  clear(): void {
    this.#write("\x1b[2J\x1b[H");
    if (this.#input) this.show(this.#input);
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
