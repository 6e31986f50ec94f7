// Bytes ↔ lines (docs/PROTOCOL.md §1): incremental, bounded, the same for every split of the input.

/** The longest line towards a server or another player, with its line end. */
export const MAX_LINE_BYTES = 4096;
/** The longest line towards a client from its server. */
export const MAX_LINE_TO_CLIENT_BYTES = 65_536;

export type ReadLine = { kind: "line"; line: string } | { kind: "incomplete" } | { kind: "malformed" };

const incomplete: ReadLine = { kind: "incomplete" };
const malformed: ReadLine = { kind: "malformed" };
const LF = 0x0a;
const CR = 0x0d;

/** Takes chunks as they come and gives back one line at a time; keeps no more than the last chunk and one line. */
export class LineReader {
  readonly #maxLineBytes: number;
  #chunk: Buffer | null = null;
  #offset = 0;
  #partial = "";
  #isMalformed = false;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Every line of the chunk before must have been read. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#offset = 0;
  }

  /** The next line without its end; empty lines are passed over. After "malformed" nothing more can be read. */
  next(): ReadLine {
    while (this.#chunk && !this.#isMalformed) {
      this.#passEmptyLines(this.#chunk);
      const end = this.#chunk.indexOf(LF, this.#offset);
      const text = this.#take(end);
      if (text === null) {
        this.#isMalformed = true;
      } else if (end === -1) {
        this.#partial = text;
        this.#chunk = null;
      } else {
        const line = text.endsWith("\r") ? text.slice(0, -1) : text;
        if (line !== "") return { kind: "line", line };
      }
    }
    return this.#isMalformed ? malformed : incomplete;
  }

  /** A flood of them is to be no work. */
  #passEmptyLines(chunk: Buffer): void {
    if (this.#partial !== "") return;
    let offset = this.#offset;
    for (;;) {
      if (chunk[offset] === LF) offset += 1;
      else if (chunk[offset] === CR && chunk[offset + 1] === LF) offset += 2;
      else break;
    }
    this.#offset = offset;
  }

  /** What was kept of the line so far and the chunk's text up to `end`, or null when that can be no line. */
  #take(end: number): string | null {
    const chunk = this.#chunk as Buffer;
    const stop = end === -1 ? chunk.length : end;
    const lengthWithLineEnd = this.#partial.length + (stop - this.#offset) + 1;
    if (lengthWithLineEnd > this.#maxLineBytes) return null;
    const text = this.#partial + chunk.toString("latin1", this.#offset, stop);
    this.#partial = "";
    this.#offset = stop + 1;
    return /^[\x20-\x7e]*\r?$/.test(text) ? text : null;
  }
}

/** The text of one block, or null when it holds a bad escape or is not UTF-8. */
export function decodeBlock(block: string): string | null {
  if (!block.includes("%")) return block;
  if (/%(?![0-9A-Fa-f]{2})/.test(block)) return null;
  try {
    return decodeURIComponent(block);
  } catch {
    return null;
  }
}

/** `text` as a block: `%`, `;` and every byte of its UTF-8 that is not printable ASCII as %XX. */
export function encodeBlock(text: string): string {
  if (/^[\x20-\x24\x26-\x3a\x3c-\x7e]*$/.test(text)) return text;
  let block = "";
  for (const byte of Buffer.from(text, "utf8")) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25 && byte !== 0x3b;
    block += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return block;
}
