import { expect, test } from "vitest";
import { watchLoop } from "./loop-watch.ts";
import { type LoopDelayed, monotonicMs } from "./message.ts";

const BLOCKED_MS = 150;

test("an event loop that was blocked is told to have been late by that time", async () => {
  const told: LoopDelayed[] = [];
  const isOver = new Promise<void>((resolve) => {
    // The first is refused, as by a receiver that is behind: what was in it comes with the next.
    watchLoop(40, (message) => {
      const isTaken = told.push(message) > 1;
      if (isTaken) resolve();
      return isTaken;
    });
  });
  const sinceMs = monotonicMs();
  while (monotonicMs() - sinceMs < BLOCKED_MS);
  const keptAlive = setInterval(() => {}, 1_000);
  await isOver;
  clearInterval(keptAlive);
  const [refused, taken] = told;
  expect(refused!.maxMs).toBeGreaterThan(BLOCKED_MS - 60);
  expect(taken!.maxMs).toBeGreaterThanOrEqual(refused!.maxMs);
  expect(taken!.meanMs).toBeLessThan(taken!.maxMs);
});
