// How long this process has worked for the probe: the wall time of synchronous work, on a busy machine a little more than
// its CPU time.
import { monotonicMs } from "./message.ts";

const OFTEN = 16;
const NOT_TIMED = -1;

let spentMs = 0;
let oftenCount = 0;
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

/**
 * For work with every chunk, where reading the clock would cost more than the work: it times one call in 16. The result
 * is for `endOftenWork`.
 */
export function beginOftenWork(): number {
  oftenCount += 1;
  if (isAtWork || oftenCount % OFTEN !== 0) return NOT_TIMED;
  isAtWork = true;
  return monotonicMs();
}

export function endOftenWork(startMs: number): void {
  if (startMs === NOT_TIMED) return;
  spentMs += OFTEN * (monotonicMs() - startMs);
  isAtWork = false;
}

export function workTimeMs(): number {
  return spentMs;
}
