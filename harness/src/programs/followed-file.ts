// Reads what a program appends to a file, as it comes. The file may not be there yet.
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** How late a line can be seen. */
const LOOK_EVERY_MS = 20;

export class FollowedFile {
  readonly #path: string;
  readonly #onText: (text: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  readonly #timer: NodeJS.Timeout;
  #fd: number | null = null;
  #readBytes: number;

  /** What is in the file already is not told. */
  constructor(path: string, onText: (text: string) => void) {
    this.#path = path;
    this.#onText = onText;
    this.#readBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** What was appended until now is told first. */
  close(): void {
    clearInterval(this.#timer);
    this.#look();
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  #look(): void {
    this.#fd ??= openIfThere(this.#path);
    if (this.#fd === null) return;
    const newBytes = fstatSync(this.#fd).size - this.#readBytes;
    if (newBytes <= 0) return;
    const bytes = Buffer.alloc(newBytes);
    const count = readSync(this.#fd, bytes, 0, newBytes, this.#readBytes);
    this.#readBytes += count;
    this.#onText(this.#decoder.write(bytes.subarray(0, count)));
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, "r");
  } catch {
    return null;
  }
}
