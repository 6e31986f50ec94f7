import { expect, test } from "vitest";
import { monotonicMs } from "./message.ts";
import { atWork, workTimeMs } from "./work-time.ts";

test("Work within work counts once", () => {
  const startMs = monotonicMs();
  const before = workTimeMs();
  const busy = () => {
    const untilMs = monotonicMs() + 5;
    while (monotonicMs() < untilMs);
    return "done";
  };
  expect(atWork(() => atWork(busy))).toBe("done");
  const worked = workTimeMs() - before;
  expect(worked).toBeGreaterThanOrEqual(5);
  expect(worked).toBeLessThanOrEqual(monotonicMs() - startMs);
});
