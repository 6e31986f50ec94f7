import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { SharedSlice } from "./shared-slice.ts";

const SLICE_AND_MORE_MS = 10;

test("who come together are served one slice in each turn, in the order in which they came", async () => {
  const slice = new SharedSlice(SLICE_AND_MORE_MS);
  const served: string[] = [];
  for (const name of ["a", "b", "c"]) slice.share(() => served.push(name));
  expect(served).toEqual(["a"]);
  await setImmediate();
  expect(served).toEqual(["a", "b"]);
  await setImmediate();
  expect(served).toEqual(["a", "b", "c"]);
});

test("who comes while others wait is served behind them, though there is room by then", async () => {
  const slice = new SharedSlice(SLICE_AND_MORE_MS);
  const served: string[] = [];
  const serve = (name: string) => () => served.push(name);
  slice.share(serve("a"));
  slice.share(() => {
    served.push("b");
    slice.share(serve("d"));
  });
  slice.share(serve("c"));
  while (served.length < 4) await setImmediate();
  expect(served).toEqual(["a", "b", "c", "d"]);
});
