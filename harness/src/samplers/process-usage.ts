// What one process has used since it began, as Linux tells it: each thread's CPU time to the nanosecond, the whole
// process's in ticks, and its memory.
import { readdirSync } from "node:fs";
import type { KernelUnits } from "./kernel-units.ts";
import type { ProcFileCache } from "./proc-file-cache.ts";
import { forgetMemory, type ProcessMemory, readMemory } from "./process-memory.ts";

export interface ProcessReading extends ProcessMemory {
  /** Of all threads seen, those that ended with their last reading. Never goes backwards. */
  threadsNs: number;
  /** Rounded down: of all threads that ever were, and of the children that were waited for, with theirs. */
  atLeastNs: number;
}

export class ProcessUsage {
  readonly #pid: number;
  readonly #directory: string;
  readonly #files: ProcFileCache;
  readonly #units: KernelUnits;
  readonly #tickFields: number;
  readonly #threadsNs = new Map<string, number>();
  #endedNs = 0;

  /** `includeChildren`: with what the children that were waited for have spent. */
  constructor(pid: number, files: ProcFileCache, units: KernelUnits, includeChildren = true) {
    this.#pid = pid;
    this.#directory = `/proc/${pid}`;
    this.#files = files;
    this.#units = units;
    this.#tickFields = includeChildren ? 4 : 2;
  }

  /** Null when the process is gone. */
  read(): ProcessReading | null {
    const stat = this.#files.read(`${this.#directory}/stat`);
    const memory = readMemory(this.#pid, this.#files, this.#units);
    if (stat === null || memory === null) return null;
    // Counted from behind the name, which may hold spaces and brackets: utime, stime, cutime, cstime, …, threads.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 11 + this.#tickFields).reduce((sum, field) => sum + Number(field), 0);
    this.#readThreads(Number(fields[17]));
    return { threadsNs: this.threadsNs, atLeastNs: ticks * this.#units.tickNs, ...memory };
  }

  get threadsNs(): number {
    let sum = this.#endedNs;
    for (const ns of this.#threadsNs.values()) sum += ns;
    return sum;
  }

  close(): void {
    this.#files.forget(`${this.#directory}/stat`);
    forgetMemory(this.#pid, this.#files);
    for (const path of this.#threadsNs.keys()) this.#files.forget(path);
  }

  /** The list of threads is read only when it cannot be the one of last time. */
  #readThreads(count: number): void {
    for (const path of [...this.#threadsNs.keys()]) this.#readThread(path);
    if (this.#threadsNs.size === count) return;
    for (const path of this.#listThreads()) if (!this.#threadsNs.has(path)) this.#readThread(path);
  }

  #readThread(path: string): void {
    const text = this.#files.read(path);
    const before = this.#threadsNs.get(path) ?? 0;
    if (text !== null) {
      this.#threadsNs.set(path, Math.max(before, Number.parseInt(text, 10)));
      return;
    }
    this.#endedNs += before;
    this.#threadsNs.delete(path);
    this.#files.forget(path);
  }

  #listThreads(): string[] {
    try {
      const tasks = `${this.#directory}/task`;
      return readdirSync(tasks).map((thread) => `${tasks}/${thread}/schedstat`);
    } catch {
      return [];
    }
  }
}
