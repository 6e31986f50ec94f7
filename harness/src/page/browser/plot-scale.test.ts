import { expect, test } from "vitest";
import { plotScale } from "./plot-scale.ts";

const extent = { from: 0, to: 100, steps: 4 };

test("a linear scale has round ticks, from the least value to the most", () => {
  const scale = plotScale(false, { ...extent, least: 0, most: 200 });
  expect(scale.ticks).toEqual([
    { at: 0, label: "0" },
    { at: 25, label: "50" },
    { at: 50, label: "100" },
    { at: 75, label: "150" },
    { at: 100, label: "200" },
  ]);
  const { ticks } = plotScale(false, { ...extent, least: 3, most: 11 });
  expect(ticks.map(({ label }) => label)).toEqual(["4", "6", "8", "10"]);
});

test("a logarithmic scale has each power of ten in the same room, and 2 and 5 where there is room", () => {
  const scale = plotScale(true, { ...extent, least: 1, most: 100 });
  expect(scale.ticks.map(({ label }) => label)).toEqual(["1", "2", "5", "10", "20", "50", "100"]);
  expect(scale.place(10)).toBe(50);
  const far = plotScale(true, { ...extent, least: 1, most: 1e5 });
  expect(far.ticks.map(({ label }) => label)).toEqual(["1", "10", "100", "1,000", "10,000", "100,000"]);
});

test("one value alone stands in the middle", () => {
  expect(plotScale(false, { ...extent, least: 7, most: 7 }).ticks).toEqual([{ at: 50, label: "7" }]);
});
