// Known answers: from published examples, from R (wilcox.test, p.adjust), or counted by hand.
import { describe, expect, it } from "vitest";
import { holm } from "./holm.ts";
import { mannWhitney } from "./mann-whitney.ts";
import { median, medianInterval, quantile } from "./quantiles.ts";
import { growthExponent, growthExponents, slope } from "./slope.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe("the median", () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 3, 2], 2.5],
    [[7], 7],
  ])("of %j is %d", (values, expected) => expect(median(values)).toBe(expected));

  it.each([
    [5, 1, 5, 0.9375],
    [6, 1, 6, 0.96875],
    [10, 2, 9, 0.978_515_625],
    [20, 6, 15, 0.958_610_534_7],
    [2_000, 956, 1_045, 0.953_447_179_5],
  ])("of %d values lies between the ranks of the sign test", (count, low, high, confidence) => {
    const interval = medianInterval(upTo(count));
    expect(interval).toMatchObject({ low, high });
    expect(interval.confidence).toBeCloseTo(confidence, 9);
  });
});

it("a quantile is the lowest value that the given share of the values does not exceed", () => {
  expect([0, 0.5, 0.99, 1].map((share) => quantile(upTo(100), share))).toEqual([1, 50, 99, 100]);
  expect(quantile([7], 0.99)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});

describe("growth", () => {
  const power = (exponent: number) => [25, 50, 100, 200].map((x) => ({ x, y: 3 * x ** exponent }));

  it("is the slope of the least-squares line", () => {
    expect(
      slope([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
        { x: 3, y: 2 },
      ]),
    ).toBeCloseTo(0.5, 12);
  });

  it.each([0, 0.5, 1, 2])(
    "of x to the power of %d is that power, whichever point is left out",
    (exponent) => {
      expect(growthExponent(power(exponent))).toBeCloseTo(exponent, 12);
      expect(growthExponents(power(exponent))).toHaveLength(4);
      for (const each of growthExponents(power(exponent))) expect(each).toBeCloseTo(exponent, 12);
    },
  );

  it("that depends on one point disappears when this point is left out", () => {
    const points = [...power(1).slice(0, 3), { x: 200, y: 6_000 }];
    expect(growthExponent(points)).toBeGreaterThan(1.5);
    expect(Math.min(...growthExponents(points))).toBeCloseTo(1, 12);
  });
});

describe("the Mann–Whitney test", () => {
  it.each([
    ["two of the 20 ways to split three and three", [1, 2, 3], [4, 5, 6], 0.1],
    ["two of the 252 ways to split five and five", [1, 2, 3, 4, 5], [6, 7, 8, 9, 10], 2 / 252],
    ["no difference at all", [1, 2, 3], [1, 2, 3], 1],
    ["all values equal", [5, 5, 5], [5, 5, 5], 1],
    ["ties, counted by hand: 4 of 10 subsets", [1, 1], [1, 2, 2], 0.4],
    ["nothing to compare with", [1, 2], [], 1],
  ])("gives %s", (_, a, b, expected) => expect(mannWhitney(a, b)).toBeCloseTo(expected, 12));

  it("agrees with the example in the manual of R", () => {
    // Permeability of membranes (Hollander and Wolfe 1973, page 69), two-sided, exact.
    expect(
      mannWhitney([0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.9, 0.74, 1.21]),
    ).toBeCloseTo(0.2544, 4);
  });

  it("gives nearly the same for large samples as the exact count", () => {
    const a = upTo(20).map((value) => value * 1.7);
    const b = upTo(20).map((value) => value + 9.05);
    const withOneMore = mannWhitney([...a, 18.1], b);
    expect(Math.abs(withOneMore - mannWhitney(a, b))).toBeLessThan(0.05);
  });

  it("is the same whichever sample comes first", () => {
    expect(mannWhitney([1, 5, 7, 8], [2, 3, 9])).toBe(mannWhitney([2, 3, 9], [1, 5, 7, 8]));
  });
});

it("Holm multiplies the smallest by their number, the next by one less, and preserves the order", () => {
  expect(holm([0.01, 0.04, 0.03]).map((p) => Number(p.toFixed(6)))).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
