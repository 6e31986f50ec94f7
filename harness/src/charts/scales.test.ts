import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatInterval } from "../text/quantities.ts";
import { axisFor, intervalFor } from "./scales.ts";

describe("an axis", () => {
  test.each([
    [112, { max: 125, step: 25 }],
    [100, { max: 100, step: 20 }],
    [63.4, { max: 75, step: 15 }],
    [5, { max: 5, step: 1 }],
    [0.3, { max: 0.3, step: 0.06 }],
    [0, { max: 1, step: 0.2 }],
  ])("up to %d in five steps is %j", (value, expected) => {
    expect(axisFor(value, 5)).toEqual(expected);
  });

  test("contains any value, and less than half of it is empty", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e12, noNaN: true }), (value) => {
        const { max } = axisFor(value, 5);
        expect(max).toBeGreaterThanOrEqual(value * (1 - 1e-6));
        expect(max).toBeLessThan(value * 2);
      }),
    );
  });
});

describe("the bars' interval", () => {
  test.each([
    [1_000, "100 ms"],
    [20_000, "100 ms"],
    [20_001, "200 ms"],
    [60_000, "500 ms"],
    [600_000, "5 s"],
    [36_000_000, "5 min"],
  ])("of a run of %i ms is %s", (durationMs, expected) => {
    expect(formatInterval(intervalFor(durationMs))).toBe(expected);
  });
});
