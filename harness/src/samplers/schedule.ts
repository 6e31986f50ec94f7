// Ticks at start, start + interval, start + 2 intervals, …: a late tick never shifts those after it. Ticks that
// could not be kept because the one before was still at work are counted, not made up for.
import { delay } from "../time/timers.ts";

export interface Schedule {
  readonly intervalMs: number;
  readonly nowMs: () => number;
  readonly onTick: () => Promise<void>;
  readonly signal: AbortSignal;
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface Ticks {
  taken: number;
  missed: number;
  /** How far from its time each tick began. */
  errorsMs: number[];
}

/** Runs until the signal; the counts of `ticks` are kept up to date. */
export async function keepSchedule(schedule: Schedule, ticks: Ticks): Promise<void> {
  const { intervalMs, nowMs, onTick, signal, sleep = sleepUntilAborted } = schedule;
  const startMs = nowMs();
  let number = 0;
  while (!signal.aborted) {
    const waitMs = startMs + number * intervalMs - nowMs();
    if (waitMs > 0) await sleep(waitMs, signal);
    if (signal.aborted) return;
    ticks.errorsMs.push(Math.abs(nowMs() - startMs - number * intervalMs));
    await onTick();
    ticks.taken += 1;
    const nextPossible = Math.ceil((nowMs() - startMs) / intervalMs);
    const next = Math.max(number + 1, nextPossible);
    ticks.missed += next - number - 1;
    number = next;
  }
}

async function sleepUntilAborted(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
