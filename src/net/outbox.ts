// The lines that a connection has to send, until all are written together. A short one is put into one text with those
// beside it. A long one is written as bytes: a page of `list` goes to many, and is encoded once for all of them.

/** Bytes from which a line costs more to be encoded with others than to be handed over by itself. */
const LONG_LINE_BYTES = 1_024;
/** As many pages are asked for at a time, about. */
const MAX_ENCODED = 8;

const encodedLines = new Map<string, Buffer>();

/** What is used of a socket to write. */
export interface Writable {
  write(bytes: Buffer): unknown;
  write(text: string, encoding: "latin1"): unknown;
  /** What is written between the two leaves together. */
  cork(): unknown;
  uncork(): unknown;
}

export class Outbox {
  /** Those that come before the text. */
  #written: (string | Buffer)[] | null = null;
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
    this.#written ??= [];
    if (this.#text !== "") this.#written.push(this.#text);
    this.#written.push(encoded(line));
    this.#text = "";
  }

  /** Afterwards it is empty. */
  writeTo(socket: Writable): void {
    const [before, text] = [this.#written, this.#text];
    this.#written = null;
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
