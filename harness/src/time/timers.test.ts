import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { delay, LONGEST_TIMER_MS, timeoutSignal } from "./timers.ts";

const MONTH_MS = 30 * 24 * 3_600_000;

it("A delay of a month does not end at once, and can be aborted", async () => {
  const aborting = new AbortController();
  const warnings: unknown[] = [];
  const onWarning = (warning: unknown) => warnings.push(warning);
  process.on("warning", onWarning);
  const waiting = delay(MONTH_MS, "over", { signal: aborting.signal });
  expect(await Promise.race([waiting, delay(20, "not over")])).toBe("not over");
  aborting.abort();
  await expect(waiting).rejects.toThrow("aborted");
  process.off("warning", onWarning);
  expect(warnings).toEqual([]);
});

it("A short delay gives its value", async () => {
  expect(await delay(1, "value")).toBe("value");
});

describe("A timeout", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("of a month fires after a month", () => {
    const signal = timeoutSignal(MONTH_MS);
    vi.advanceTimersByTime(LONGEST_TIMER_MS);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(MONTH_MS - LONGEST_TIMER_MS);
    expect(signal.aborted).toBe(true);
  });

  it("of infinity never fires", () => {
    const signal = timeoutSignal(Number.POSITIVE_INFINITY);
    vi.advanceTimersByTime(3 * LONGEST_TIMER_MS);
    expect(signal.aborted).toBe(false);
  });
});
