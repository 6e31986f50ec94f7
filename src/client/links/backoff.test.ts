import { expect, it } from "vitest";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { Backoff } from "./backoff.ts";

const LIMIT_MS = 180_000;

function waits(count: number, fraction: number): (number | null)[] {
  const random = { bytes: (length: number) => new Uint8Array(length), fraction: () => fraction };
  const backoff = new Backoff(new ManualClock(), random, LIMIT_MS);
  return Array.from({ length: count }, () => backoff.nextWaitMs());
}

it("waits 0.5 s, then longer and longer, at most 5 s", () => {
  expect(waits(7, 1)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
});

it("spreads clients that lost the server together over half of each wait except the first", () => {
  expect(waits(5, 0)).toEqual([500, 500, 1_000, 2_000, 2_500]);
});
