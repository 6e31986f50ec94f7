// Reads small files of /proc again and again. They stay open, because opening costs ten times what reading does; past
// a quarter of what this process may open, each further one is opened for each reading. An open file belongs to the
// process it was opened for: were the pid used again, reading fails.
import { closeSync, openSync, readFileSync, readSync } from "node:fs";

const MOST_OPEN = 4_000;
const SHARE_OF_LIMIT = 1 / 4;

const buffer = Buffer.allocUnsafe(4_096);

export class ProcFileCache {
  readonly #mostOpen: number;
  readonly #open = new Map<string, number>();

  constructor(mostOpen = Math.min(MOST_OPEN, SHARE_OF_LIMIT * openFilesLimit())) {
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

function openFilesLimit(): number {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1];
    return limit === undefined ? Number.POSITIVE_INFINITY : Number(limit);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
