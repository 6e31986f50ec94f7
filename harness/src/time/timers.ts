// Timers for times that a user gives: Node's fire at once when they are asked for more than 24.8 days. These wait.
import { setTimeout as nodeDelay } from "node:timers/promises";

/** A timer holds 31 bits. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

export interface DelayOptions {
  signal?: AbortSignal;
}

/** As that of node:timers/promises: rejects when it is aborted. */
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

/** As AbortSignal.timeout. */
export function timeoutSignal(ms: number): AbortSignal {
  if (ms <= LONGEST_TIMER_MS) return AbortSignal.timeout(ms);
  // Whoever waits for so long keeps the process alive by something else.
  const controller = new AbortController();
  const abortAfter = (leftMs: number) =>
    setTimeout(
      () => (leftMs > LONGEST_TIMER_MS ? abortAfter(leftMs - LONGEST_TIMER_MS) : controller.abort()),
      Math.min(leftMs, LONGEST_TIMER_MS),
    ).unref();
  abortAfter(ms);
  return controller.signal;
}
