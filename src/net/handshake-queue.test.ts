import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach, expect, it, vi } from "vitest";
import { HandshakeQueue } from "./handshake-queue.ts";
import { type LoopbackPair, loopbackPair } from "./loopback-pair.fixture.ts";

const pairs: LoopbackPair[] = [];
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const pair of pairs.splice(0)) pair.close();
});

/** Connections by number, each added to the queue; `begun` are those that were let begin. */
async function queued(count: number, maxAtATime: number) {
  const begun: number[] = [];
  const sockets: Socket[] = [];
  const queue = new HandshakeQueue((socket) => begun.push(sockets.indexOf(socket)), maxAtATime);
  for (let index = 0; index < count; index++) {
    const pair = await loopbackPair();
    pairs.push(pair);
    sockets.push(pair.accepted);
    queue.add(pair.accepted);
  }
  const speak = async (...indices: number[]) => {
    for (const index of indices) {
      pairs[index]?.peer.write("hello");
      await once(sockets[index] as Socket, "readable");
      await nextTurn();
    }
  };
  return { queue, begun, sockets, speak };
}

/** Also the immediates of the turn before have run then. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it("lets so many begin, and the next one, in the order of their first bytes, when one is over", async () => {
  const { queue, begun, sockets, speak } = await queued(4, 2);
  await speak(3, 1, 0, 2);
  expect(begun).toEqual([3, 1]);
  expect(queue.waitingCount).toBe(2);
  queue.release(sockets[1] as Socket);
  expect(begun).toEqual([3, 1, 0]);
  await nextTurn();
  queue.release(sockets[3] as Socket);
  expect(begun).toEqual([3, 1, 0, 2]);
});

it("lets but one begin in a turn of the event loop, whatever places are free", async () => {
  const { queue, begun, sockets, speak } = await queued(5, 2);
  await speak(0, 1, 2, 3, 4);
  for (const index of [0, 1]) queue.release(sockets[index] as Socket);
  expect(begun).toEqual([0, 1, 2]);
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
});

it("holds no place for who says nothing, nor for who has gone", async () => {
  const { begun, queue, sockets, speak } = await queued(4, 1);
  await speak(3, 1, 2);
  sockets[1]?.destroy();
  queue.release(sockets[3] as Socket);
  expect(begun).toEqual([3, 2]);
});

it("gives the place of who stalls in the middle to the next", async () => {
  const { begun, speak } = await queued(2, 1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await speak(0, 1);
  expect(begun).toEqual([0]);
  vi.advanceTimersByTime(100);
  expect(begun).toEqual([0, 1]);
});

it("ends who waited so long that nobody is there any more", async () => {
  const { begun, sockets, queue, speak } = await queued(2, 1);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  await speak(0, 1);
  const laterMs = performance.now() + 5_001;
  vi.spyOn(performance, "now").mockReturnValue(laterMs);
  queue.release(sockets[0] as Socket);
  expect(begun).toEqual([0]);
  expect(sockets[1]?.destroyed).toBe(true);
});
