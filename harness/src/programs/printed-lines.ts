// What a program printed, and how far a scenario has read it. Pure: no streams, no timers.
import { stripVTControlCharacters } from "node:util";

const MAX_LINE_LENGTH = 65_536;
/** As many lines at least stay readable when nobody waits for them; memory is bounded however much is printed. */
const MOST_LINES = 100_000;

export interface PrintedLine {
  timeMs: number;
  text: string;
}

interface Waiting {
  pattern: RegExp;
  onMatch: (match: RegExpMatchArray) => void;
}

/** The end of one stream, as long as its line has not ended. */
interface OpenLine {
  text: string;
  /** As much of it as a scenario has read. */
  readLength: number;
}

export class PrintedLines {
  readonly #lines: PrintedLine[] = [];
  /** How much of a line had been read before it ended, of those of which some was. */
  readonly #readParts = new WeakMap<PrintedLine, number>();
  readonly #open = new Map<number, OpenLine>();
  readonly #waiting = new Set<Waiting>();
  #readUpTo = 0;
  #count = 0;

  /** All that were ever added. */
  get count(): number {
    return this.#count;
  }

  /** Those that are kept, the oldest first. */
  get kept(): readonly PrintedLine[] {
    return this.#lines;
  }

  /** A line of that stream has ended. */
  add(text: string, timeMs = 0, stream = 0): void {
    const line = { timeMs, text };
    const readLength = this.#open.get(stream)?.readLength ?? 0;
    this.#open.delete(stream);
    if (readLength > 0) this.#readParts.set(line, readLength);
    this.#lines.push(line);
    this.#count += 1;
    if (this.#lines.length > 2 * MOST_LINES) this.#forgetOldest();
    for (const waiting of this.#waiting) {
      const match = this.#unread(line).match(waiting.pattern);
      if (!match) continue;
      this.#readUpTo = this.#lines.length;
      this.#answer(waiting, match);
      return;
    }
  }

  /** What that stream printed after its last line end, when nothing has followed for a while: a question, perhaps. */
  addOpen(text: string, stream = 0): void {
    const open = this.#open.get(stream) ?? { text: "", readLength: 0 };
    open.text = text;
    this.#open.set(stream, open);
    for (const waiting of this.#waiting) {
      const match = this.#matchOpen(open, waiting.pattern);
      if (match) {
        this.#answer(waiting, match);
        return;
      }
    }
  }

  /** The first unread line that matches; it and everything before it then count as read. */
  take(pattern: RegExp): RegExpMatchArray | null {
    for (let index = this.#readUpTo; index < this.#lines.length; index += 1) {
      const match = this.#unread(this.#lines[index]!).match(pattern);
      if (match) {
        this.#readUpTo = index + 1;
        return match;
      }
    }
    for (const open of this.#open.values()) {
      const match = this.#matchOpen(open, pattern);
      if (match) return match;
    }
    return null;
  }

  /** Calls back with the first match among what is printed from now on; returns how to stop waiting. */
  wait(pattern: RegExp, onMatch: (match: RegExpMatchArray) => void): () => void {
    const waiting = { pattern, onMatch };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  last(count: number): string[] {
    const open = [...this.#open.values()].map(({ text }) => text).filter((text) => text !== "");
    return [...this.#lines.slice(-count).map(({ text }) => text), ...open].slice(-count);
  }

  #answer(waiting: Waiting, match: RegExpMatchArray): void {
    this.#waiting.delete(waiting);
    waiting.onMatch(match);
  }

  #unread(line: PrintedLine): string {
    const readLength = this.#readParts.get(line);
    return readLength === undefined ? line.text : line.text.slice(readLength).trimStart();
  }

  /** Consumes what it matched. All lines before count as read. */
  #matchOpen(open: OpenLine, pattern: RegExp): RegExpMatchArray | null {
    const unread = open.text.slice(open.readLength).trimStart();
    const match = unread.match(pattern);
    if (!match) return null;
    const end = unread.search(pattern) + match[0].length;
    open.readLength = open.text.length - unread.length + end;
    this.#readUpTo = this.#lines.length;
    return match;
  }

  #forgetOldest(): void {
    this.#lines.splice(0, MOST_LINES);
    this.#readUpTo = Math.max(0, this.#readUpTo - MOST_LINES);
  }
}

/** Cuts decoded chunks into lines. A line that never ends is cut as well, so memory stays bounded. */
export class LineCutter {
  readonly #onLine: (line: string) => void;
  readonly #isTerminal: boolean;
  #rest = "";

  /** What a terminal shows has escape sequences, which are removed, and returns to the start of a line to rewrite it. */
  constructor(onLine: (line: string) => void, { isTerminal = false } = {}) {
    this.#onLine = onLine;
    this.#isTerminal = isTerminal;
  }

  /** What came after the last line end. */
  get rest(): string {
    return this.#shown(this.#rest);
  }

  push(chunk: string): void {
    if (!/[\r\n]/.test(chunk) && this.#rest.length + chunk.length <= MAX_LINE_LENGTH) {
      this.#rest += chunk;
      return;
    }
    const pieces = (this.#rest + chunk).split(this.#isTerminal ? /\r*\n|\r+(?=[^\r\n])/ : "\n");
    this.#rest = pieces.pop() ?? "";
    for (const piece of pieces) this.#onLine(this.#shown(piece));
    if (this.#rest.length > MAX_LINE_LENGTH) this.flush();
  }

  /** Hands out what came after the last line end. */
  flush(): void {
    if (this.#rest !== "") this.#onLine(this.#shown(this.#rest));
    this.#rest = "";
  }

  #shown(piece: string): string {
    const text = piece.endsWith("\r") ? piece.slice(0, -1) : piece;
    return this.#isTerminal ? stripVTControlCharacters(text) : text;
  }
}
