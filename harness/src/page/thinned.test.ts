import { expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { thinned, thinnedEvents } from "./thinned.ts";

test("items are picked evenly, including the first and the last", () => {
  expect(thinned([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]);
});

test("rare events are kept, and the rest is spread over the run", () => {
  const [event] = sampleRun().events;
  const happened = (name: string, timeMs: number) => ({ ...event!, name, timeMs });
  const requests = Array.from({ length: 4_000 }, (_, index) => happened("request", index));
  const kept = thinnedEvents([...requests, happened("login", 10), happened("crash", 3_990)], 100);
  expect(kept).toHaveLength(100);
  expect(kept.filter(({ name }) => name !== "request").map(({ name }) => name)).toEqual(["login", "crash"]);
  expect(kept[0]?.timeMs).toBe(0);
  expect(kept.at(-1)?.timeMs).toBe(3_999);
});
