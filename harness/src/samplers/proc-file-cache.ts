// Reads small files of /proc again and again. They stay open, because opening costs ten times what reading does; past
// a bound, well under the usual limit of 20,000, each further one is opened for each reading. An open file belongs to
// the process it was opened for: were the pid used again, reading fails.
import { closeSync, openSync, readSync } from "node:fs";

const MOST_OPEN = 4_000;

const buffer = Buffer.allocUnsafe(4_096);

export class ProcFileCache {
  readonly #mostOpen: number;
  readonly #open = new Map<string, number>();

  constructor(mostOpen = MOST_OPEN) {
    this.#mostOpen = mostOpen;
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** The first 4 KB; null if the process or thread is gone. */
  read(path: string): string | null {
    const kept = this.#open.get(path);
    try {
      const file = kept ?? openSync(path, "r");
      if (kept === undefined && this.#open.size < this.#mostOpen) this.#open.set(path, file);
      try {
        const text = buffer.toString("latin1", 0, readSync(file, buffer, 0, buffer.length, 0));
        return text === "" ? null : text;
      } finally {
        if (!this.#open.has(path)) closeSync(file);
      }
    } catch {
      return null;
    }
  }

  forget(path: string): void {
    const file = this.#open.get(path);
    if (file === undefined) return;
    this.#open.delete(path);
    closeSync(file);
  }

  close(): void {
    for (const path of this.#open.keys()) this.forget(path);
  }
}
