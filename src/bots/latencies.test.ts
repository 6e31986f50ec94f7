import { expect, it } from "vitest";
import { Latencies, percentile } from "./latencies.ts";

it.each([
  [[5], 0.5, 5],
  [[5], 0.99, 5],
  [[1, 2], 0.5, 1],
  [[1, 2, 3], 0.5, 2],
  [[1, 2, 3, 4], 0.99, 4],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.5, 50],
  [Array.from({ length: 100 }, (_, index) => index + 1), 0.99, 99],
  [Array.from({ length: 1_000 }, (_, index) => index + 1), 0.99, 990],
  [[1, 2, 3], 0, 1],
  [[1, 2, 3], 1, 3],
])("in %j, a share of %f of the values does not exceed %d", (sorted, share, expected) => {
  expect(percentile(sorted, share)).toBe(expected);
});

it("no values have no percentile", () => {
  expect(percentile([], 0.5)).toBeNaN();
});

it("summarizes each command separately, with values sorted as numbers", () => {
  const latencies = new Latencies();
  for (const latencyMs of [100, 9, 20.000_4]) latencies.add("list", latencyMs);
  latencies.add("login", 3);
  expect(latencies.summaries()).toEqual({
    login: { count: 1, p50Ms: 3, p99Ms: 3, maxMs: 3 },
    list: { count: 3, p50Ms: 20, p99Ms: 100, maxMs: 100 },
  });
});

it("lists the commands that have values, in a fixed order", () => {
  const latencies = new Latencies();
  for (const command of ["result", "connect", "list"] as const) latencies.add(command, 1);
  expect(Object.keys(latencies.summaries())).toEqual(["connect", "list", "result"]);
});
