import { describe, expect, it } from "vitest";
import { keepSchedule } from "./schedule.ts";

/** A clock that only sleeping and working move forward. */
function createWorld(intervalMs: number, workMs: number[]) {
  const stopping = new AbortController();
  const ticks = { taken: 0, missed: 0 };
  const tickedAtMs: number[] = [];
  let clockMs = 1_000;
  const finished = keepSchedule(
    {
      intervalMs,
      nowMs: () => clockMs,
      signal: stopping.signal,
      async onTick() {
        tickedAtMs.push(clockMs - 1_000);
        clockMs += workMs[tickedAtMs.length - 1] ?? 0;
        if (tickedAtMs.length === workMs.length) stopping.abort();
      },
      async sleep(ms) {
        clockMs += ms;
      },
    },
    ticks,
  );
  return { finished, ticks, tickedAtMs };
}

describe("the schedule", () => {
  it("does not drift, however long a tick takes", async () => {
    const { finished, ticks, tickedAtMs } = createWorld(100, [30, 99, 0.5, 60, 0]);
    await finished;
    expect(tickedAtMs).toEqual([0, 100, 200, 300, 400]);
    expect(ticks).toEqual({ taken: 5, missed: 0 });
  });

  it("counts the ticks that a long one made impossible, and goes on at the next", async () => {
    const { finished, ticks, tickedAtMs } = createWorld(100, [0, 350, 0]);
    await finished;
    expect(tickedAtMs).toEqual([0, 100, 500]);
    expect(ticks).toEqual({ taken: 3, missed: 3 });
  });
});
