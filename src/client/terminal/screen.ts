// A terminal with an input line at the bottom: hides it, prints, and shows it again as it was.
import stringWidth from "string-width";
import { endWithin, startWithin } from "./graphemes.ts";
import type { EditedLine } from "./line-editor.ts";

export interface InputLine {
  prompt: string;
  /** Colours the prompt. */
  paint(text: string): string;
  line: EditedLine;
}

/** What a prompt leaves for the line at least, as far as the screen is wide enough. */
const LEAST_ROOM = 8;

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

  /** A line longer than the screen shows the part around its cursor; a prompt that leaves too little room is shortened. */
  #drawn({ prompt, paint, line }: InputLine): string {
    const columns = this.#columns();
    const name = shortened(prompt, Math.max(columns - LEAST_ROOM - 2, columns >> 1));
    const promptWidth = stringWidth(name) + 1;
    const room = Math.max(1, columns - promptWidth - 1);
    const before = endWithin(line.text.slice(0, line.cursor), room);
    const after = startWithin(line.text.slice(line.cursor), room - stringWidth(before));
    return `${paint(name)} ${before}${after}\r\x1b[${promptWidth + stringWidth(before)}C`;
  }
}

/** Leaves out the middle, so that the character at the end stays. */
function shortened(prompt: string, columns: number): string {
  if (stringWidth(prompt) <= columns) return prompt;
  return startWithin(prompt, columns - 1) + endWithin(prompt, 1);
}
