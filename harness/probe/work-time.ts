// How long this process has been at work for the probe: wall time of what is synchronous, so on a busy machine a
// little more than the CPU it took.
import { monotonicMs } from "./message.ts";

let spentMs = 0;
let isAtWork = false;

export function atWork<Result>(work: () => Result): Result {
  if (isAtWork) return work();
  isAtWork = true;
  const startMs = monotonicMs();
  try {
    return work();
  } finally {
    spentMs += monotonicMs() - startMs;
    isAtWork = false;
  }
}

export function workTimeMs(): number {
  return spentMs;
}
