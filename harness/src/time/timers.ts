// Timers for durations that a user gives. Node's own timers fire at once when asked for more than 24.8 days; these wait.
import { setTimeout as nodeDelay } from "node:timers/promises";

/** Node holds a delay in 31 bits. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface DelayOptions {
  signal?: AbortSignal;
}

/** Like `setTimeout` of node:timers/promises: rejects when it is aborted. */
export async function delay<Value = void>(
  ms: number,
  value?: Value,
  { signal }: DelayOptions = {},
): Promise<Value> {
  const options = signal ? { signal } : {};
  let leftMs = ms;
  for (; leftMs > LONGEST_TIMER_MS; leftMs -= LONGEST_TIMER_MS)
    await nodeDelay(LONGEST_TIMER_MS, null, options);
  return nodeDelay(leftMs, value as Value, options);
}

/** Like AbortSignal.timeout. */
export function timeoutSignal(ms: number): AbortSignal {
  if (ms <= LONGEST_TIMER_MS) return AbortSignal.timeout(ms);
  // Unref, because something else keeps the process alive for that long.
  const controller = new AbortController();
  const abortAfter = (leftMs: number) =>
    setTimeout(
      () => (leftMs > LONGEST_TIMER_MS ? abortAfter(leftMs - LONGEST_TIMER_MS) : controller.abort()),
      Math.min(leftMs, LONGEST_TIMER_MS),
    ).unref();
  abortAfter(ms);
  return controller.signal;
}
