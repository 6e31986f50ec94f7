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

/** Takes chunks and returns one line at a time; keeps no more than the last chunk and two lines. */
export class LineReader {
  readonly #maxLineBytes: number;
  #chunk: Buffer | null = null;
  /** How much of the chunk has become text. */
  #chunkOffset = 0;
  /** A kept part of a line keeps all of this in memory, so it is never longer than two of the longest lines. */
  #text = "";
  #offset = 0;
  #isMalformed = false;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Every line of the chunk before must have been read. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#chunkOffset = 0;
    this.#readPiece(chunk);
  }

  /** The next line without its end; empty lines are skipped. After "malformed" nothing more can be read. */
  next(): ReadLine {
    while (!this.#isMalformed) {
      this.#skipEmptyLines();
      const end = this.#text.indexOf("\n", this.#offset);
      const line = this.#text.slice(this.#offset, end === -1 ? undefined : end);
      if (!this.#canBeLine(line)) this.#isMalformed = true;
      else if (end === -1 && !this.#chunk) return incomplete;
      else if (end === -1) this.#readPiece(this.#chunk as Buffer);
      else {
        this.#offset = end + 1;
        return { kind: "line", line: line.endsWith("\r") ? line.slice(0, -1) : line };
      }
    }
    return malformed;
  }

  /** In one loop, because a flood of them must cost little. */
  #skipEmptyLines(): void {
    let offset = this.#offset;
    for (;;) {
      const code = this.#text.charCodeAt(offset);
      if (code === LF) offset += 1;
      else if (code === CR && this.#text.charCodeAt(offset + 1) === LF) offset += 2;
      else break;
    }
    this.#offset = offset;
  }

  /** Adds a piece of the chunk to the line that has begun. */
  #readPiece(chunk: Buffer): void {
    const end = Math.min(this.#chunkOffset + this.#maxLineBytes, chunk.length);
    this.#text = this.#text.slice(this.#offset) + chunk.toString("latin1", this.#chunkOffset, end);
    this.#offset = 0;
    this.#chunkOffset = end;
    if (end === chunk.length) this.#chunk = null;
  }

  #canBeLine(text: string): boolean {
    return text.length < this.#maxLineBytes && /^[\x20-\x7e]*\r?$/.test(text);
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
