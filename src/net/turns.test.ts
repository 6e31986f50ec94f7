import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { SharedTurns } from "./turns.ts";

test("whoever floods is handed one slice in each turn of the event loop, however often it comes back", async () => {
  const turns = new SharedTurns();
  let slices = 0;
  const flood = () => {
    slices++;
    turns.await(flood);
  };
  turns.await(flood);
  const inEachTurn: number[] = [];
  for (let turn = 0; turn < 6; turn++) {
    await setImmediate();
    inEachTurn.push(slices);
  }
  expect(inEachTurn).toEqual([1, 2, 3, 4, 5, 6]);
});

test("all who flood share the slices, first come, first served", async () => {
  const turns = new SharedTurns();
  const slices: string[] = [];
  const flood = (name: string) => () => {
    slices.push(name);
    turns.await(flood(name));
  };
  for (const name of ["a", "b", "c"]) turns.await(flood(name));
  for (let turn = 0; turn < 6; turn++) await setImmediate();
  expect(slices).toEqual(["a", "b", "c", "a", "b", "c"]);
});

test("strangers who are here do not wait for those who come and go", async () => {
  const turns = new SharedTurns();
  let come = 0;
  for (let number = 0; number < 1_000; number++) turns.comeOrGo(() => come++);
  let isRead = false;
  turns.read(() => {
    isRead = true;
  });
  expect(isRead).toBe(true);
  expect(come).toBeLessThan(1_000);
  while (come < 1_000) await setImmediate();
});
