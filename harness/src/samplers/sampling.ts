// Samples a growing and shrinking set of processes on a schedule, and keeps what was read.
import type { ProcessSample } from "../result/result.ts";
import type { SampledProcess, Sampler } from "./sampler.ts";
import { keepSchedule, type Ticks } from "./schedule.ts";

export interface SamplingOptions {
  sampler: Sampler;
  intervalMs: number;
  nowMs: () => number;
  /** Those to be sampled now. */
  processes: () => readonly SampledProcess[];
  onSamples?: (latest: ReadonlyMap<string, ProcessSample>) => void;
}

export interface Sampling {
  readonly ticks: Readonly<Ticks>;
  samplesOf(processId: string): ProcessSample[];
  stop(): Promise<void>;
}

export function startSampling(options: SamplingOptions): Sampling {
  const { sampler, intervalMs, nowMs, processes, onSamples } = options;
  const samples = new Map<string, ProcessSample[]>();
  /** Of the attached ones: those that were read once. */
  const read = new Set<string>();
  const ticks: Ticks = { taken: 0, missed: 0, errorsMs: [] };
  const stopping = new AbortController();

  async function onTick(): Promise<void> {
    const sampled = processes();
    const latest = await sampler.sample(sampled);
    for (const { id, isAttached } of sampled) {
      const sample = latest.get(id);
      if (!sample) continue;
      if (isAttached && !read.has(id)) {
        read.add(id);
        continue;
      }
      const list = samples.get(id);
      if (list) list.push(sample);
      else samples.set(id, [sample]);
    }
    onSamples?.(latest);
  }

  const finished = keepSchedule({ intervalMs, nowMs, onTick, signal: stopping.signal }, ticks);
  return {
    ticks,
    samplesOf: (processId) => samples.get(processId) ?? [],
    async stop() {
      stopping.abort();
      await finished;
      sampler.close();
    },
  };
}
