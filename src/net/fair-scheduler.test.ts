import { setImmediate } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { FairScheduler, SharedSlice } from "./fair-scheduler.ts";

const MORE_THAN_A_SLICE_MS = 10;

describe("FairScheduler", () => {
  test("resumes a connection that floods once in each turn of the event loop, however often it yields", async () => {
    const scheduler = new FairScheduler();
    let slices = 0;
    const flood = () => {
      slices++;
      scheduler.yield(flood);
    };
    scheduler.yield(flood);
    const afterEachTurn: number[] = [];
    for (let turn = 0; turn < 6; turn++) {
      await setImmediate();
      afterEachTurn.push(slices);
    }
    expect(afterEachTurn).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("resumes connections that yielded in round robin, one in each turn", async () => {
    const scheduler = new FairScheduler();
    const slices: string[] = [];
    const flood = (name: string) => () => {
      slices.push(name);
      scheduler.yield(flood(name));
    };
    for (const name of ["a", "b", "c"]) scheduler.yield(flood(name));
    for (let turn = 0; turn < 6; turn++) await setImmediate();
    expect(slices).toEqual(["a", "b", "c", "a", "b", "c"]);
  });

  test("does not make unauthenticated input wait for connections that open and close", async () => {
    const scheduler = new FairScheduler();
    let opened = 0;
    for (let number = 0; number < 1_000; number++) scheduler.scheduleOpenOrClose(() => opened++);
    let isRead = false;
    scheduler.scheduleInput(() => {
      isRead = true;
    });
    expect(isRead).toBe(true);
    expect(opened).toBeLessThan(1_000);
    while (opened < 1_000) await setImmediate();
  });

  test("numbers the turns of the event loop", async () => {
    const scheduler = new FairScheduler();
    const { turn } = scheduler;
    await Promise.resolve();
    expect(scheduler.turn).toBe(turn);
    await setImmediate();
    expect(scheduler.turn).toBe(turn + 1);
  });
});

describe("SharedSlice", () => {
  test("runs one slice of work in each turn, in the order of arrival", async () => {
    const slice = new SharedSlice(MORE_THAN_A_SLICE_MS);
    const done: string[] = [];
    for (const name of ["a", "b", "c"]) slice.schedule(() => done.push(name));
    expect(done).toEqual(["a"]);
    await setImmediate();
    expect(done).toEqual(["a", "b"]);
    await setImmediate();
    expect(done).toEqual(["a", "b", "c"]);
  });

  test("queues new work behind waiting work, even when the slice has room again", async () => {
    const slice = new SharedSlice(MORE_THAN_A_SLICE_MS);
    const done: string[] = [];
    const work = (name: string) => () => done.push(name);
    slice.schedule(work("a"));
    slice.schedule(() => {
      done.push("b");
      slice.schedule(work("d"));
    });
    slice.schedule(work("c"));
    while (done.length < 4) await setImmediate();
    expect(done).toEqual(["a", "b", "c", "d"]);
  });
});
