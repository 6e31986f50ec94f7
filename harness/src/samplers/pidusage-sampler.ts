// CPU and memory through pidusage. Only its counters are used (`ctime`, CPU time since the process began, and
// `memory`); percentages are made here over the run's own clock, because pidusage's `cpu` is 0 on the first reading
// and divides by an uptime with 10 ms steps. CPU time itself comes in 10 ms ticks: 10 % steps at a 100 ms interval.
import pidusage from "pidusage";
import type { ProcessSample } from "../result/result.ts";
import { createDescendantsFinder, type FindDescendants, findNone } from "./descendants.ts";
import type { SampledProcess, Sampler, SamplerOptions } from "./sampler.ts";

/**
 * pidusage holds a file open for each process that it read, and lets go of it so long after the last reading. Its
 * `clear` would forget them open. What else it remembers meanwhile is not used here.
 */
const KEEP_OPEN_MS = 400;

interface Usage {
  ctime: number;
  memory: number;
}

type Usages = Record<string, Usage | null | undefined>;

export interface PidusageOptions extends SamplerOptions {
  findDescendants?: FindDescendants;
  /** One reading of all pids; those that are gone are missing or null. */
  read?: (pids: number[]) => Promise<Usages>;
}

export function createPidusageSampler(options: PidusageOptions): Sampler {
  const { nowMs, includeChildren = true, read = readWithPidusage } = options;
  const { findDescendants = includeChildren ? createDescendantsFinder() : findNone } = options;
  // After a late tick the next one comes early; over so short a window one 10 ms tick would look like a burst.
  const shortestWindowMs = options.intervalMs / 2;
  const lastReadAtMs = new Map<number, number>();
  const cpuTimeMs = new Map<number, number>();

  function pidsOf({ pid, group }: SampledProcess): number[] {
    if (group && includeChildren) return group.processes();
    return [pid, ...findDescendants(pid)];
  }

  function windowMsOf({ pid, startedAtMs }: SampledProcess, timeMs: number): number {
    return timeMs - (lastReadAtMs.get(pid) ?? startedAtMs);
  }

  /** CPU time that the family spent since it was last read; a child's first reading holds all it ever spent. */
  function spend(family: [pid: number, usage: Usage][]): number {
    let spentMs = 0;
    for (const [pid, { ctime }] of family) {
      spentMs += Math.max(0, ctime - (cpuTimeMs.get(pid) ?? 0));
      cpuTimeMs.set(pid, ctime);
    }
    return spentMs;
  }

  function sampleOf(process: SampledProcess, family: [number, Usage][], timeMs: number): ProcessSample {
    const windowMs = windowMsOf(process, timeMs);
    lastReadAtMs.set(process.pid, timeMs);
    return {
      timeMs,
      cpuPercent: (100 * spend(family)) / windowMs,
      rssBytes: family.reduce((sum, [, { memory }]) => sum + memory, 0),
      processCount: family.length,
    };
  }

  return {
    name: "pidusage",
    async sample(processes) {
      const families = processes
        .filter((process) => windowMsOf(process, nowMs()) >= shortestWindowMs)
        .map((process) => ({ process, pids: pidsOf(process) }));
      if (families.length === 0) return new Map();
      const usages = await read(families.flatMap(({ pids }) => pids));
      const timeMs = nowMs();
      const samples = new Map<string, ProcessSample>();
      for (const { process, pids } of families) {
        const family = livingOf(pids, usages);
        if (process.group ? family.length > 0 : family[0]?.[0] === process.pid)
          samples.set(process.id, sampleOf(process, family, timeMs));
      }
      return samples;
    },
    close() {},
  };
}

/** A process that ended but was not yet waited for still has an entry, without memory. */
function livingOf(pids: number[], usages: Usages): [number, Usage][] {
  return pids.flatMap((pid): [number, Usage][] => {
    const usage = usages[pid];
    return usage && usage.memory > 0 ? [[pid, usage]] : [];
  });
}

async function readWithPidusage(pids: number[]): Promise<Usages> {
  try {
    return await pidusage(pids, { maxage: KEEP_OPEN_MS });
  } catch {
    return {}; // All of them are gone.
  }
}

/** The first call asks the system for its constants, which takes two processes: not in the middle of a run. */
export async function warmUpPidusage(): Promise<void> {
  await pidusage(process.pid, { maxage: KEEP_OPEN_MS });
}
