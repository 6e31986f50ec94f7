// The CPU time of a process with all its descendants, dead ones included. The readings of threads, to the nanosecond,
// miss what a thread or a child did after its last reading, or all of it if it lived between two. The kernel's sums
// in ticks hold that too, so whatever they are ahead is added. Limits: up to two ticks for each living process may be
// late; the end of a child that nobody waited for, or that left the family, is lost.
import type { KernelUnits } from "./kernel-units.ts";
import type { ProcFileCache } from "./proc-file-cache.ts";
import { type ProcessReading, ProcessUsage } from "./process-usage.ts";

export interface TreeReading {
  /** Since the process began. Never goes backwards. */
  cpuNs: number;
  rssBytes: number;
  virtualBytes: number;
  processCount: number;
}

export class ProcessTreeUsage {
  readonly #files: ProcFileCache;
  readonly #units: KernelUnits;
  readonly #includeChildren: boolean;
  readonly #clocks = new Map<number, ProcessUsage>();
  #endedNs = 0;
  #missedNs = 0;

  constructor(files: ProcFileCache, units: KernelUnits, includeChildren = true) {
    this.#files = files;
    this.#units = units;
    this.#includeChildren = includeChildren;
  }

  /** Null when the process itself is gone. */
  read(pid: number, descendants: readonly number[]): TreeReading | null {
    const pids = [pid, ...descendants];
    for (const known of [...this.#clocks.keys()]) if (!pids.includes(known)) this.#reap(known);
    const readings = pids.flatMap((member) => this.#readMember(member) ?? []);
    const living = readings.filter(({ rssBytes }) => rssBytes > 0);
    const seenNs = this.#endedNs + sum(readings.map(({ threadsNs }) => threadsNs));
    const atLeastNs = sum(readings.map((reading) => reading.atLeastNs));
    this.#missedNs = Math.max(this.#missedNs, atLeastNs - seenNs);
    if (!this.#clocks.has(pid) || readings[0]?.rssBytes === 0) return null;
    return {
      cpuNs: seenNs + this.#missedNs,
      rssBytes: sum(living.map(({ rssBytes }) => rssBytes)),
      virtualBytes: sum(living.map(({ virtualBytes }) => virtualBytes)),
      processCount: living.length,
    };
  }

  close(): void {
    for (const pid of [...this.#clocks.keys()]) this.#reap(pid);
  }

  #readMember(pid: number): ProcessReading | null {
    const clock =
      this.#clocks.get(pid) ?? new ProcessUsage(pid, this.#files, this.#units, this.#includeChildren);
    this.#clocks.set(pid, clock);
    const reading = clock.read();
    if (!reading) this.#reap(pid);
    return reading;
  }

  #reap(pid: number): void {
    const clock = this.#clocks.get(pid);
    if (!clock) return;
    this.#endedNs += clock.threadsNs;
    clock.close();
    this.#clocks.delete(pid);
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
