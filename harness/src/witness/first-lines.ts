// Keeps the first lines of one direction of a plain connection, bounded, so that a scenario can tell flows apart.
const MAX_LINES = 3;
const MAX_BYTES = 512;

/** No text protocol begins with the type byte of a TLS handshake record. */
const TLS_HANDSHAKE = "\x16";

export class FirstLines {
  #text = "";
  #isFull = false;

  get isFull(): boolean {
    return this.#isFull;
  }

  get isTls(): boolean {
    return this.#text.startsWith(TLS_HANDSHAKE);
  }

  get isEmpty(): boolean {
    return this.#text === "";
  }

  add(text: string): void {
    if (this.#isFull) return;
    this.#text = (this.#text + text).slice(0, MAX_BYTES);
    this.#isFull = this.isTls || this.#text.length === MAX_BYTES || this.#text.split("\n").length > MAX_LINES;
  }

  /** The last one may be cut short. */
  lines(): string[] {
    if (this.isTls) return [];
    const lines = this.#text.split("\n").slice(0, MAX_LINES);
    return lines.map((line) => line.replace(/\r$/, "")).filter((line) => line !== "");
  }
}

/** The beginning of what a socket was asked to write: one chunk, or several at once. */
export function beginningOf(isMany: boolean, data: unknown, encoding: string): string {
  if (!isMany) return chunkText(data, encoding);
  let text = "";
  for (const { chunk, encoding } of data as { chunk: unknown; encoding: string }[]) {
    text += chunkText(chunk, encoding);
    if (text.length >= MAX_BYTES) break;
  }
  return text;
}

export function chunkText(chunk: unknown, encoding: string): string {
  if (typeof chunk !== "string") return bytesText(chunk as Uint8Array);
  const isText = /^(utf-?8|latin1|ascii|binary)?$/i.test(encoding);
  return isText ? chunk.slice(0, MAX_BYTES) : bytesText(Buffer.from(chunk, encoding as BufferEncoding));
}

export function bytesText(bytes: Uint8Array | ArrayBuffer): string {
  const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
  return Buffer.from(view.buffer, view.byteOffset, Math.min(view.byteLength, MAX_BYTES)).toString();
}
