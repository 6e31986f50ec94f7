// What a run tells while it is on. The runner calls it; terminal/live-progress.ts shows it.
import type { ProcessSample, RunEvent } from "../result/result.ts";

export interface ProcessNow {
  id: string;
  /** Null until it was sampled for the first time. */
  sample: ProcessSample | null;
  bytesWritten: number;
  bytesRead: number;
}

export interface Progress {
  phase(name: string, timeMs: number): void;
  event(event: RunEvent): void;
  /** After each sampling. */
  now(timeMs: number, processes: readonly ProcessNow[]): void;
}
