// The CPU time of a process with all its descendants, dead ones included. The readings of threads, to the nanosecond,
// miss what a thread or a child did after its last reading, or all of it if it lived between two. The kernel's sums
// in ticks hold that too, so whatever they are ahead is added. Limits: up to two ticks for each living process may be
// late; the end of a child that nobody waited for, and one that left its parent before it was ever read, are lost.
import { type FindDescendants, findNone } from "./descendants.ts";
import type { FamilyReading, FamilyUsage } from "./family-usage.ts";
import type { KernelUnits } from "./kernel-units.ts";
import type { ProcFileCache } from "./proc-file-cache.ts";
import { type ProcessReading, ProcessUsage } from "./process-usage.ts";

export class ProcessTreeUsage implements FamilyUsage {
  readonly #files: ProcFileCache;
  readonly #units: KernelUnits;
  readonly #includeChildren: boolean;
  readonly #pid: number;
  readonly #findDescendants: FindDescendants;
  readonly #clocks = new Map<number, ProcessUsage>();
  #endedNs = 0;
  #missedNs = 0;

  /** `findDescendants`: `findNone` measures the process alone. */
  constructor(pid: number, findDescendants: FindDescendants, files: ProcFileCache, units: KernelUnits) {
    this.#pid = pid;
    this.#findDescendants = findDescendants;
    this.#files = files;
    this.#units = units;
    this.#includeChildren = findDescendants !== findNone;
  }

  pids(): number[] {
    return [this.#pid, ...this.#findDescendants(this.#pid, [...this.#clocks.keys()])];
  }

  read(pids: readonly number[]): FamilyReading | null {
    const readings = pids.flatMap((member) => this.#readMember(member) ?? []);
    const living = readings.filter(({ rssBytes }) => rssBytes > 0);
    const seenNs = this.#endedNs + sum(readings.map(({ threadsNs }) => threadsNs));
    const atLeastNs = sum(readings.map((reading) => reading.atLeastNs));
    this.#missedNs = Math.max(this.#missedNs, atLeastNs - seenNs);
    if (!this.#clocks.has(this.#pid) || readings[0]?.rssBytes === 0) return null;
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
