// What a sampler is: reads, from outside, what processes cost at one moment.
import type { ControlGroup } from "../cgroup/control-group.ts";
import type { ProcessSample } from "../result/result.ts";

export interface SampledProcess {
  /** The id that the scenario gave it. */
  readonly id: string;
  readonly pid: number;
  readonly startedAtMs: number;
  /** It ran before the run: its first reading is over all its life, and no sample. */
  readonly isAttached?: boolean;
  /** Where it is in one with all that it starts. */
  readonly group?: ControlGroup | null;
}

export interface SamplerOptions {
  readonly nowMs: () => number;
  readonly intervalMs: number;
  /** Default: a process is sampled with all its descendants. */
  readonly includeChildren?: boolean;
  /** Also reads and writes, where the sampler can. Default: false. */
  readonly includeIo?: boolean;
}

export interface Sampler {
  readonly name: string;
  /**
   * One reading of all processes, each with its living descendants, keyed by id. `cpuPercent` is the mean since the
   * reading before, or since the start of the process. A process that has ended, or is too young, is left out; one in
   * a control group has ended when all have that it started.
   */
  sample(processes: readonly SampledProcess[]): Promise<Map<string, ProcessSample>>;
  /** Lets go of what it holds open. */
  close(): void;
}
