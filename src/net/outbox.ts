// The lines that a connection has to send, until all are written together. Short lines that follow each other are joined
// to one text. A long line is written as bytes: a page of `list` goes to many clients, and is encoded once for all.

/** From this length on, joining a line with others costs more than writing it separately. */
const LONG_LINE_BYTES = 1_024;
/** About the number of pages that are requested at the same time. */
const MAX_ENCODED = 8;

const encodedLines = new Map<string, Buffer>();

/** The part of a socket that is used to write. */
export interface Writable {
  write(bytes: Buffer): unknown;
  write(text: string, encoding: "latin1"): unknown;
  /** What is written between the two calls is sent together. */
  cork(): unknown;
  uncork(): unknown;
}

export class Outbox {
  /** Texts and lines that come before `#text`. */
  #parts: (string | Buffer)[] | null = null;
  #text = "";
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(line: string): void {
    this.#bytes += line.length + 1;
    if (line.length < LONG_LINE_BYTES) {
      this.#text += `${line}\n`;
      return;
    }
    this.#parts ??= [];
    if (this.#text !== "") this.#parts.push(this.#text);
    this.#parts.push(encoded(line));
    this.#text = "";
  }

  /** Writes everything and empties the outbox. */
  writeTo(socket: Writable): void {
    const [before, text] = [this.#parts, this.#text];
    this.#parts = null;
    this.#text = "";
    this.#bytes = 0;
    if (!before) return void socket.write(text, "latin1");
    socket.cork();
    for (const part of [...before, text]) {
      if (typeof part !== "string") socket.write(part);
      else if (part !== "") socket.write(part, "latin1");
    }
    socket.uncork();
  }
}

function encoded(line: string): Buffer {
  const known = encodedLines.get(line);
  if (known) return known;
  const bytes = Buffer.from(`${line}\n`, "latin1");
  if (encodedLines.size >= MAX_ENCODED) encodedLines.delete(encodedLines.keys().next().value as string);
  encodedLines.set(line, bytes);
  return bytes;
}
