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

const SLICE_AND_MORE_MS = 10;

test("strangers who come together are served one slice in each turn, in the order in which they came", async () => {
  const turns = new SharedTurns();
  const served: string[] = [];
  for (const name of ["a", "b", "c"]) turns.share(() => served.push(name), SLICE_AND_MORE_MS);
  expect(served).toEqual(["a"]);
  await setImmediate();
  expect(served).toEqual(["a", "b"]);
  await setImmediate();
  expect(served).toEqual(["a", "b", "c"]);
});

test("a stranger alone is served at once, and many who cost next to nothing in one turn", async () => {
  const turns = new SharedTurns();
  const served: number[] = [];
  turns.share(() => served.push(0), SLICE_AND_MORE_MS);
  for (let name = 1; name <= 5; name++) turns.share(() => served.push(name));
  expect(served).toEqual([0]);
  await setImmediate();
  expect(served).toEqual([0, 1, 2, 3, 4, 5]);
});
