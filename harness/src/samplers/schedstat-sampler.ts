// CPU and memory straight from Linux: CPU time from the program's control group, or else thread by thread from /proc.
// The scheduler brings both up to date at least at each of its ticks (1 to 4 ms), where utime and stime move in steps
// of 10 ms.
import type { ProcessSample } from "../result/result.ts";
import { ControlGroupUsage } from "./control-group-usage.ts";
import { createDescendantsFinder, findNone } from "./descendants.ts";
import type { FamilyUsage } from "./family-usage.ts";
import { IoCounters } from "./io-counters.ts";
import { readKernelUnits } from "./kernel-units.ts";
import { ProcFileCache } from "./proc-file-cache.ts";
import { ProcessTreeUsage } from "./process-tree-usage.ts";
import type { SampledProcess, Sampler, SamplerOptions } from "./sampler.ts";

interface Watched {
  readonly pid: number;
  readonly usage: FamilyUsage;
  readonly io: IoCounters;
  readAtMs: number;
  cpuNs: number;
}

export function createSchedstatSampler(options: SamplerOptions): Sampler {
  const { nowMs, intervalMs, includeChildren = true, includeIo = false } = options;
  const units = readKernelUnits();
  const files = new ProcFileCache();
  const findDescendants = includeChildren ? createDescendantsFinder("linux") : findNone;
  const watched = new Map<string, Watched>();
  // After a late tick the next one comes early; over so short a window the scheduler's tick would show.
  const shortestWindowMs = intervalMs / 2;

  function usageOf({ pid, group }: SampledProcess): FamilyUsage {
    if (group && includeChildren) return new ControlGroupUsage(group, files, units);
    return new ProcessTreeUsage(pid, findDescendants, files, units);
  }

  function watch(process: SampledProcess): Watched {
    const { id, pid, startedAtMs } = process;
    const known = watched.get(id);
    if (known?.pid === pid) return known;
    // It was started again since.
    if (known) close(known);
    const fresh = {
      pid,
      usage: usageOf(process),
      io: new IoCounters(files),
      readAtMs: startedAtMs,
      cpuNs: 0,
    };
    watched.set(id, fresh);
    return fresh;
  }

  /** The window ends when this process is read, a moment after the time that the whole reading is filed under. */
  function sampleOf(process: SampledProcess, timeMs: number): ProcessSample | null {
    const it = watch(process);
    const pids = it.usage.pids();
    const readAtMs = nowMs();
    const windowMs = readAtMs - it.readAtMs;
    if (windowMs < shortestWindowMs) return null;
    const reading = it.usage.read(pids);
    if (!reading) return null;
    const spentMs = (reading.cpuNs - it.cpuNs) / 1e6;
    Object.assign(it, { readAtMs, cpuNs: reading.cpuNs });
    const { rssBytes, virtualBytes, processCount } = reading;
    const cpuPercent = (100 * spentMs) / windowMs;
    const io = includeIo ? it.io.read(pids) : null;
    return { timeMs, cpuPercent, rssBytes, virtualBytes, processCount, ...(io && { io }) };
  }

  function release(living: ReadonlySet<string>): void {
    for (const [id, one] of watched) {
      if (living.has(id)) continue;
      close(one);
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

function close({ usage, io }: Watched): void {
  usage.close();
  io.close();
}
