// The delay of this process's event loop: how much later than every 50 ms a timer fires. Node's own histogram cannot be
// read interval by interval without losing delays in between.

import { rounded } from "../text/quantities.ts";
import { setInterval } from "./kept-functions.ts";
import { type LoopDelayed, monotonicMs } from "./message.ts";
import { atWork } from "./work-time.ts";

/** A shorter interval would detect more short delays, but cost an idle process more. */
const EVERY_MS = 50;
/** Microseconds: more digits would not be accurate, and cost bytes. */
const DIGITS = 3;

/** `report` is called at most once in each interval. If it returns false, the delays are part of the next report. */
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
    if (
      !report({
        kind: "loop",
        atMs: nowMs,
        meanMs: rounded(sumMs / count, DIGITS),
        maxMs: rounded(maxMs, DIGITS),
      })
    )
      return;
    reportedMs = nowMs;
    maxMs = sumMs = count = 0;
  };
  setInterval(() => atWork(look), EVERY_MS).unref();
}
