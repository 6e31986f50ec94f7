// How late the event loop of this process is: a timer that should come every 50 ms, and how long after that it did.
// Node's own histogram cannot be read piece by piece without losing what happens at the seams.
import { setInterval } from "./kept-functions.ts";
import { type LoopDelayed, monotonicMs } from "./message.ts";
import { atWork } from "./work-time.ts";

/** Oftener would see more of short delays, and cost an idle process more. */
const EVERY_MS = 50;

/** `report` is called at most once in each interval; what comes while it answers false is part of the next. */
export function watchLoop(intervalMs: number, report: (message: LoopDelayed) => boolean): void {
  let lastMs = monotonicMs();
  let reportedMs = lastMs;
  let maxMs = 0;
  let sumMs = 0;
  let count = 0;
  const look = () => {
    const nowMs = monotonicMs();
    const delayMs = Math.max(0, nowMs - lastMs - EVERY_MS);
    lastMs = nowMs;
    maxMs = Math.max(maxMs, delayMs);
    sumMs += delayMs;
    count += 1;
    if (nowMs - reportedMs < intervalMs) return;
    if (!report({ kind: "loop", atMs: nowMs, meanMs: rounded(sumMs / count), maxMs: rounded(maxMs) })) return;
    reportedMs = nowMs;
    maxMs = sumMs = count = 0;
  };
  setInterval(() => atWork(look), EVERY_MS).unref();
}

/** To microseconds: finer is not known, and costs bytes. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
