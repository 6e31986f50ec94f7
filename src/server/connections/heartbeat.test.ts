import { beforeEach, expect, it, vi } from "vitest";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { Heartbeats } from "./heartbeat.ts";

const INTERVAL_MS = 10_000;
let clock: ManualClock;
let heartbeats: Heartbeats;

beforeEach(() => {
  clock = new ManualClock();
  heartbeats = new Heartbeats(clock, INTERVAL_MS);
});

/** A client that answers the pings that `answers` wants answered; `seen` tells what happened, and when. */
function client(answers: (n: number) => boolean): { seen: string[] } {
  const seen: string[] = [];
  const startMs = clock.nowMs();
  const at = (what: string) => seen.push(`${(clock.nowMs() - startMs) / INTERVAL_MS}: ${what}`);
  const pulse = heartbeats.start({
    sendPing(n) {
      at(`ping ${n}`);
      if (answers(n)) clock.after(50, () => pulse.pong(n));
    },
    onLost: () => at("lost"),
  });
  return { seen };
}

it("a client that answers is pinged every interval", () => {
  const { seen } = client(() => true);
  clock.advance(4 * INTERVAL_MS);
  expect(seen).toEqual(["1: ping 1", "2: ping 2", "3: ping 3", "4: ping 4"]);
});

it("a client is lost when no pong has come for two intervals", () => {
  const { seen } = client((n) => n <= 2);
  clock.advance(10 * INTERVAL_MS);
  expect(seen).toEqual(["1: ping 1", "2: ping 2", "3: ping 3", "4: ping 4", "4.05: lost"]);
});

it("one missing pong loses no client", () => {
  const { seen } = client((n) => n % 2 === 0);
  clock.advance(9 * INTERVAL_MS);
  expect(seen).not.toContain("lost");
  expect(seen).toHaveLength(9);
});

it("pongs to pings that were never sent, or sent before, prove nothing", () => {
  const seen: string[] = [];
  const pulse = heartbeats.start({
    sendPing: () => {
      pulse.pong(999_999);
      pulse.pong(1);
    },
    onLost: () => seen.push("lost"),
  });
  clock.advance(4 * INTERVAL_MS);
  expect(seen).toEqual(["lost"]);
});

it("clients that connect at different times are pinged at different times, by one timer", () => {
  const first = client(() => true);
  clock.advance(INTERVAL_MS / 4);
  const second = client(() => true);
  expect(clock.timerCount).toBe(1);
  clock.advance(INTERVAL_MS * 2);
  expect(first.seen).toEqual(["1: ping 1", "2: ping 2"]);
  expect(second.seen).toEqual(["1: ping 1", "2: ping 2"]);
});

it("time lost while the server was stopped for a minute is ignored", () => {
  const { seen } = client(() => true);
  clock.advance(1.5 * INTERVAL_MS);
  clock.sleep(6 * INTERVAL_MS);
  clock.advance(2 * INTERVAL_MS);
  expect(seen.some((line) => line.endsWith("lost"))).toBe(false);
  expect(seen).toHaveLength(3);
});

it.each([-3_600_000, 3_600_000])(
  "a clock that is set by %i ms neither stops nor hurries the pings",
  (byMs) => {
    const { seen } = client(() => true);
    clock.advance(1.5 * INTERVAL_MS);
    clock.set(byMs);
    clock.advance(2 * INTERVAL_MS);
    expect(seen).toHaveLength(3);
  },
);

it("a control connection waits six intervals for its heartbeat", () => {
  const timeIsUp = vi.fn<() => void>();
  heartbeats.awaitHeartbeat({ wheelSlot: null, timeIsUp });
  clock.advance(6 * INTERVAL_MS - 1);
  expect(timeIsUp).not.toHaveBeenCalled();
  clock.advance(1);
  expect(timeIsUp).toHaveBeenCalledOnce();
});

it("a control connection with a heartbeat no longer waits", () => {
  const timeIsUp = vi.fn<() => void>();
  const alone = { wheelSlot: null, timeIsUp };
  heartbeats.awaitHeartbeat(alone);
  heartbeats.cancel(alone);
  clock.advance(20 * INTERVAL_MS);
  expect(timeIsUp).not.toHaveBeenCalled();
});
