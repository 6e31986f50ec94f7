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

/** An input line with what moves the cursor to its place, and the line's width. */
interface Drawn {
  text: string;
  columns: number;
}

const NOTHING: Drawn = { text: "", columns: 0 };

export class Screen {
  readonly #write: (text: string) => void;
  readonly #columns: () => number;
  readonly #isDumb: boolean;
  /** The input line as it was drawn last, and its width. */
  #shown = "";
  #shownColumns = 0;

  /** A dumb terminal knows no escape sequences: a line is erased by overwriting it with spaces. */
  constructor(write: (text: string) => void, columns: () => number, isDumb = false) {
    this.#write = write;
    this.#columns = columns;
    this.#isDumb = isDumb;
  }

  /** Shows the input line, unless it stands there already. */
  show(input: InputLine): void {
    const { text, columns } = this.#drawn(input);
    if (text !== this.#shown) this.#write(this.#erase() + text);
    this.#shown = text;
    this.#shownColumns = columns;
  }

  /** Prints above the input line, if there is one. */
  print(text: string, input: InputLine | null): void {
    const drawn = input ? this.#drawn(input) : NOTHING;
    this.#write(`${this.#erase()}${text}\n${drawn.text}`);
    this.#shown = drawn.text;
    this.#shownColumns = drawn.columns;
  }

  /** Leaves the input line standing and goes on below it. */
  leaveLine(): void {
    this.#forgetLine();
    this.#write("\n");
  }

  clear(): void {
    this.#forgetLine();
    this.#write(this.#isDumb ? "\n" : "\x1b[2J\x1b[H");
  }

  #forgetLine(): void {
    this.#shown = "";
    this.#shownColumns = 0;
  }

  #erase(): string {
    return this.#isDumb ? `\r${" ".repeat(this.#shownColumns)}\r` : CLEAR_LINE;
  }

  /** A line longer than the screen shows the part around its cursor; a prompt that leaves too little room is shortened. */
  #drawn({ prompt, paint, line }: InputLine): Drawn {
    const columns = this.#columns();
    const name = shortened(prompt, Math.max(columns - LEAST_ROOM - 2, columns >> 1));
    const promptWidth = stringWidth(name) + 1;
    const room = Math.max(1, columns - promptWidth - 1);
    const before = endWithin(line.text.slice(0, line.cursor), room);
    const after = startWithin(line.text.slice(line.cursor), room - stringWidth(before));
    const start = `${paint(name)} ${before}`;
    const cursor = promptWidth + stringWidth(before);
    const toCursor = this.#isDumb ? `\r${start}` : `\r\x1b[${cursor}C`;
    return { text: `${start}${after}${toCursor}`, columns: cursor + stringWidth(after) };
  }
}

/** Leaves out the middle, so that the character at the end stays. */
function shortened(prompt: string, columns: number): string {
  if (stringWidth(prompt) <= columns) return prompt;
  return startWithin(prompt, columns - 1) + endWithin(prompt, 1);
}
