import { describe, expect, it } from "vitest";
import { keepSchedule, type Ticks } from "./schedule.ts";

/** A clock that only sleeping and working move forward. */
function createWorld(intervalMs: number, workMs: number[], oversleptMs = 0) {
  const stopping = new AbortController();
  const ticks: Ticks = { taken: 0, missed: 0, errorsMs: [] };
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
        clockMs += ms + oversleptMs;
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
    expect(ticks).toEqual({ taken: 5, missed: 0, errorsMs: [0, 0, 0, 0, 0] });
  });

  it("counts the ticks that a long one made impossible, and goes on at the next", async () => {
    const { finished, ticks, tickedAtMs } = createWorld(100, [0, 350, 0]);
    await finished;
    expect(tickedAtMs).toEqual([0, 100, 500]);
    expect(ticks).toEqual({ taken: 3, missed: 3, errorsMs: [0, 0, 0] });
  });

  it("tells how far from its time each tick began", async () => {
    const { finished, ticks } = createWorld(100, [150, 0, 0], 3);
    await finished;
    expect(ticks.errorsMs).toEqual([0, 3, 3]);
  });
});
