// The lines a program printed, and how far a scenario has read them. Pure: no streams, no time.

const MAX_LINE_LENGTH = 65_536;

export class PrintedLines {
  readonly #lines: string[] = [];
  #readUpTo = 0;

  add(line: string): void {
    this.#lines.push(line);
  }

  /** The first unread line that matches; it and everything before it then count as read. */
  take(pattern: RegExp): RegExpMatchArray | null {
    for (let index = this.#readUpTo; index < this.#lines.length; index += 1) {
      const match = this.#lines[index]?.match(pattern);
      if (match) {
        this.#readUpTo = index + 1;
        return match;
      }
    }
    return null;
  }

  last(count: number): string[] {
    return this.#lines.slice(-count);
  }
}

/** Cuts decoded chunks into lines. A line that never ends is cut as well, so memory stays bounded. */
export class LineCutter {
  readonly #onLine: (line: string) => void;
  #rest = "";

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: string): void {
    const pieces = (this.#rest + chunk).split("\n");
    this.#rest = pieces.pop() ?? "";
    for (const piece of pieces) this.#onLine(piece.endsWith("\r") ? piece.slice(0, -1) : piece);
    if (this.#rest.length > MAX_LINE_LENGTH) this.flush();
  }

  /** Hands out what came after the last line end. */
  flush(): void {
    if (this.#rest !== "") this.#onLine(this.#rest);
    this.#rest = "";
  }
}
