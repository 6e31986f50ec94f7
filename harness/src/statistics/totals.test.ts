import { expect, it } from "vitest";
import { maximum, mean, minimum, sum } from "./totals.ts";

it("totals and extremes work below zero, and for more values than a call can take arguments", () => {
  const offsets = [-3.5, -18.5, -4];
  expect([maximum(offsets), minimum(offsets), sum(offsets)]).toEqual([-3.5, -18.5, -26]);
  expect(mean([-1, -3])).toBe(-2);
  const many = Array.from({ length: 500_000 }, (_, index) => index);
  expect([maximum(many), minimum(many)]).toEqual([499_999, 0]);
});

it("totals and extremes of no values are 0", () => {
  expect([sum([]), mean([]), maximum([]), minimum([])]).toEqual([0, 0, 0, 0]);
});
