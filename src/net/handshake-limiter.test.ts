import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { HandshakeLimiter } from "./handshake-limiter.ts";
import { type LoopbackPair, loopbackPair } from "./loopback-pair.fixture.ts";

const pairs: LoopbackPair[] = [];
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const pair of pairs.splice(0)) pair.close();
});

/** Connections by number; `started` are those whose handshake was started. */
async function connections(count: number, maxPermits: number) {
  const started: number[] = [];
  const sockets: Socket[] = [];
  const limiter = new HandshakeLimiter((socket) => started.push(sockets.indexOf(socket)), maxPermits);
  for (let index = 0; index < count; index++) {
    const pair = await loopbackPair();
    pairs.push(pair);
    sockets.push(pair.accepted);
    limiter.add(pair.accepted);
  }
  const speak = async (...indices: number[]) => {
    for (const index of indices) {
      pairs[index]?.peer.write("hello");
      await once(sockets[index] as Socket, "readable");
      await nextTurn();
    }
  };
  return { limiter, started, sockets, speak };
}

/** Also the immediates of the turn before have run then. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it("grants its permits in the order of first bytes, and the next one when a handshake ends", async () => {
  const { limiter, started, sockets, speak } = await connections(4, 2);
  await speak(3, 1, 0, 2);
  expect(started).toEqual([3, 1]);
  expect(limiter.queuedCount).toBe(2);
  limiter.release(sockets[1] as Socket);
  expect(started).toEqual([3, 1, 0]);
  await nextTurn();
  limiter.release(sockets[3] as Socket);
  expect(started).toEqual([3, 1, 0, 2]);
});

it("grants one permit in each turn of the event loop, however many are free", async () => {
  const { limiter, started, sockets, speak } = await connections(5, 2);
  await speak(0, 1, 2, 3, 4);
  for (const index of [0, 1]) limiter.release(sockets[index] as Socket);
  expect(started).toEqual([0, 1, 2]);
  await nextTurn();
  expect(started).toEqual([0, 1, 2, 3]);
});

it("grants no permit to a connection that is silent or closed", async () => {
  const { started, limiter, sockets, speak } = await connections(4, 1);
  await speak(3, 1, 2);
  sockets[1]?.destroy();
  limiter.release(sockets[3] as Socket);
  expect(started).toEqual([3, 2]);
});

it("passes on the permit of a handshake that stalls", async () => {
  const { started, speak } = await connections(2, 1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await speak(0, 1);
  expect(started).toEqual([0]);
  vi.advanceTimersByTime(100);
  expect(started).toEqual([0, 1]);
});

it("closes a connection that queued for too long", async () => {
  const { started, sockets, limiter, speak } = await connections(2, 1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await speak(0, 1);
  const laterMs = performance.now() + 5_001;
  vi.spyOn(performance, "now").mockReturnValue(laterMs);
  limiter.release(sockets[0] as Socket);
  expect(started).toEqual([0]);
  expect(sockets[1]?.destroyed).toBe(true);
});
