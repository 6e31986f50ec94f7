import type { Figure } from "fiel";
import { expect, it } from "vitest";
import { putFigure, timesBaseline } from "./figures.ts";

it.each([
  { value: 6, baseline: 3, ratio: 2 },
  { value: 6, baseline: 0, ratio: 6 },
  { value: 0.9, baseline: 0.001, ratio: 1 },
  { value: 0, baseline: 0, ratio: 1 },
  { value: 0.2, baseline: 4, ratio: 0.25 },
  { value: 6, baseline: -3, ratio: 6 },
])("with a resolution of 1, $value is $ratio times $baseline", ({ value, baseline, ratio }) => {
  expect(timesBaseline(value, baseline, 1)).toBe(ratio);
});

it.each([
  [Number.NaN, 3],
  [3, Number.NaN],
])("the ratio of an unknown value has no number (%s, %s)", (value, baseline) => {
  expect(timesBaseline(value, baseline, 1)).toBeNaN();
});

function recorded(values: number[]): Figure[] {
  const figures: Figure[] = [];
  putFigure({ figure: (figure) => figures.push(figure) }, { name: "rate", unit: "/s", values });
  return figures;
}

it("a round without a number does not remove the other rounds", () => {
  expect(recorded([2.2, Number.POSITIVE_INFINITY, 5.2, Number.NaN])).toEqual([
    { name: "rate", unit: "/s", values: [2.2, 5.2] },
  ]);
});

it("a figure without any number is not recorded", () => {
  expect(recorded([Number.NaN])).toEqual([]);
  expect(recorded([])).toEqual([]);
});
