import type { Figure } from "fiel";
import { expect, it } from "vitest";
import { p99TimesBaseline, putFigure, timesBaseline } from "./figures.ts";

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

it("no single round decides on the ratio of all rounds", () => {
  const calm = { values: [2, 2, 2], baseline: [2, 2, 2] };
  const stalled = { values: [80, 80, 80], baseline: [2, 2, 2] };
  expect(p99TimesBaseline([calm, stalled, calm])).toEqual([40, 1, 40]);
});

it("a round whose baseline is below the resolution, or unknown, leaves all ratios finite", () => {
  const punctual = { values: [5], baseline: [0] };
  const silent = { values: [], baseline: [] };
  expect(p99TimesBaseline([punctual, punctual])).toEqual([5, 5]);
  expect(p99TimesBaseline([punctual, punctual, silent])).toEqual([5, 5, 5]);
  expect(p99TimesBaseline([punctual])).toEqual([5]);
});

it("the ratio of rounds without any value is unknown", () => {
  expect(p99TimesBaseline([])).toEqual([Number.NaN]);
  expect(p99TimesBaseline([{ values: [3], baseline: [] }])).toEqual([Number.NaN]);
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
