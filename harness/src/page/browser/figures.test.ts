import { expect, test } from "vitest";
import { roundRange, stepsBetween } from "./figures.ts";

const number = { kind: "number", unit: "ms" } as const;

test.each([
  ["values above zero start there", 3, 18.5, { from: 0, to: 20, step: 5 }],
  ["values below zero end there", -18.5, -3.5, { from: -20, to: 0, step: 5 }],
  ["values around zero have zero on the axis", -7, 12, { from: -10, to: 15, step: 5 }],
  ["no values", 0, 0, { from: 0, to: 0.1, step: 0.025 }],
])("%s", (_, least, most, range) => {
  expect(roundRange(number, least, most, 4)).toEqual(range);
});

test("the values of an axis are round from the lowest to the highest", () => {
  expect(stepsBetween(-20, 0, 5)).toEqual([-20, -15, -10, -5, 0]);
  expect(stepsBetween(0, 0.3, 0.1)).toEqual([0, 0.1, 0.2, 0.3]);
});
