// What all processes of a control group have used: those that have left their parent and those that have ended too,
// whoever waited for them. CPU is the group's own account, memory the sum over its processes.
import type { ControlGroup } from "../cgroup/control-group.ts";
import type { FamilyReading, FamilyUsage } from "./family-usage.ts";
import type { KernelUnits } from "./kernel-units.ts";
import type { ProcFileCache } from "./proc-file-cache.ts";
import { forgetMemory, readMemory } from "./process-memory.ts";

export class ControlGroupUsage implements FamilyUsage {
  readonly #group: ControlGroup;
  readonly #files: ProcFileCache;
  readonly #units: KernelUnits;
  #known: readonly number[] = [];
  #cpuNs = 0;

  constructor(group: ControlGroup, files: ProcFileCache, units: KernelUnits) {
    this.#group = group;
    this.#files = files;
    this.#units = units;
  }

  pids(): number[] {
    return this.#group.processes();
  }

  read(pids: readonly number[]): FamilyReading | null {
    const current = new Set(pids);
    for (const pid of this.#known) if (!current.has(pid)) forgetMemory(pid, this.#files);
    this.#known = pids;
    const cpuMicroseconds = this.#group.cpuMicroseconds();
    if (cpuMicroseconds === null || pids.length === 0) return null;
    this.#cpuNs = Math.max(this.#cpuNs, cpuMicroseconds * 1_000);
    const reading = { cpuNs: this.#cpuNs, rssBytes: 0, virtualBytes: 0, processCount: 0 };
    for (const pid of pids) {
      const memory = readMemory(pid, this.#files, this.#units);
      // It is ending, or has ended and was not yet waited for.
      if (!memory || memory.rssBytes === 0) continue;
      reading.rssBytes += memory.rssBytes;
      reading.virtualBytes += memory.virtualBytes;
      reading.processCount += 1;
    }
    return reading.processCount > 0 ? reading : null;
  }

  close(): void {
    for (const pid of this.#known) forgetMemory(pid, this.#files);
  }
}
