// How long this process has been at work for the probe: wall time of what is synchronous, so on a busy machine a
// little more than the CPU it took.
import { monotonicMs } from "./message.ts";

const OFTEN = 16;

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

/** For what happens with every chunk, where looking at the clock would cost more than the work: looks at one in 16. */
export function atOftenWork(work: () => void): void {
  oftenCount += 1;
  if (isAtWork || oftenCount % OFTEN !== 0) work();
  else {
    const before = spentMs;
    atWork(work);
    spentMs += (OFTEN - 1) * (spentMs - before);
  }
}

export function workTimeMs(): number {
  return spentMs;
}
