import { expect, test } from "vitest";
import { watchLoop } from "./loop-watch.ts";
import { type LoopDelayed, monotonicMs } from "./message.ts";

const BLOCKED_MS = 150;

test("the time that an event loop was blocked is reported as its delay", async () => {
  const reported: LoopDelayed[] = [];
  const isOver = new Promise<void>((resolve) => {
    // The first report is refused, as by a receiver that is behind, so its delay is part of the next.
    watchLoop(40, (message) => {
      const isTaken = reported.push(message) > 1;
      if (isTaken) resolve();
      return isTaken;
    });
  });
  const sinceMs = monotonicMs();
  while (monotonicMs() - sinceMs < BLOCKED_MS);
  const keptAlive = setInterval(() => {}, 1_000);
  await isOver;
  clearInterval(keptAlive);
  const [refused, taken] = reported;
  expect(refused!.maxMs).toBeGreaterThan(BLOCKED_MS - 60);
  expect(taken!.maxMs).toBeGreaterThanOrEqual(refused!.maxMs);
  expect(taken!.meanMs).toBeLessThan(taken!.maxMs);
});
