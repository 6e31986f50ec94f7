// CPU and memory straight from Linux's /proc: CPU time in nanoseconds, which the scheduler brings up to date at least
// at each of its ticks (1 to 4 ms), where utime and stime move in steps of 10 ms.
import type { ProcessSample } from "../result/result.ts";
import { createDescendantsFinder, findNone } from "./descendants.ts";
import { FamilyClock } from "./family-clock.ts";
import { readKernelUnits } from "./kernel-units.ts";
import { ProcFiles } from "./proc-files.ts";
import type { SampledProcess, Sampler, SamplerOptions } from "./sampler.ts";

interface Watched {
  readonly pid: number;
  readonly clock: FamilyClock;
  readAtMs: number;
  cpuNs: number;
}

export function createSchedstatSampler(options: SamplerOptions): Sampler {
  const { nowMs, intervalMs, includeChildren = true } = options;
  const units = readKernelUnits();
  const files = new ProcFiles();
  const findDescendants = includeChildren ? createDescendantsFinder("linux") : findNone;
  const watched = new Map<string, Watched>();
  // After a late tick the next one comes early; over so short a window the scheduler's tick would show.
  const shortestWindowMs = intervalMs / 2;

  function watch({ id, pid, startedAtMs }: SampledProcess): Watched {
    const known = watched.get(id);
    if (known?.pid === pid) return known;
    // It was started again since.
    known?.clock.close();
    const fresh = {
      pid,
      clock: new FamilyClock(files, units, includeChildren),
      readAtMs: startedAtMs,
      cpuNs: 0,
    };
    watched.set(id, fresh);
    return fresh;
  }

  /** The window ends when this process is read, a moment after the time that the whole reading is filed under. */
  function sampleOf(process: SampledProcess, timeMs: number): ProcessSample | null {
    const it = watch(process);
    const descendants = findDescendants(process.pid);
    const readAtMs = nowMs();
    const windowMs = readAtMs - it.readAtMs;
    if (windowMs < shortestWindowMs) return null;
    const reading = it.clock.read(process.pid, descendants);
    if (!reading) return null;
    const spentMs = (reading.cpuNs - it.cpuNs) / 1e6;
    Object.assign(it, { readAtMs, cpuNs: reading.cpuNs });
    const { rssBytes, virtualBytes, processCount } = reading;
    return { timeMs, cpuPercent: (100 * spentMs) / windowMs, rssBytes, virtualBytes, processCount };
  }

  function release(living: ReadonlySet<string>): void {
    for (const [id, { clock }] of watched) {
      if (living.has(id)) continue;
      clock.close();
      watched.delete(id);
    }
  }

  return {
    name: "schedstat",
    async sample(processes) {
      release(new Set(processes.map(({ id }) => id)));
      const timeMs = nowMs();
      const samples = new Map<string, ProcessSample>();
      for (const process of processes) {
        const sample = sampleOf(process, timeMs);
        if (sample) samples.set(process.id, sample);
      }
      return samples;
    },
    close: () => files.close(),
  };
}
