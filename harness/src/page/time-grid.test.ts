import { expect, test } from "vitest";
import { TimeGrid } from "./time-grid.ts";

const at = (timeMs: number, value: number) => ({ timeMs, value });

test("samples of one tick share a grid time, although each was taken a little later", () => {
  const grid = new TimeGrid(300, 100, 1_000);
  expect(grid.timesS).toEqual([0, 0.1, 0.2, 0.3]);
  expect(grid.place([at(101, 5), at(203, 6), at(299, 7)], "mean")).toEqual([null, 5, 6, 7]);
});

test("a grid has at most the wanted number of times; values at the same time become their mean or maximum", () => {
  const grid = new TimeGrid(400, 100, 2);
  expect(grid.timesS).toEqual([0, 0.2, 0.4]);
  expect(grid.place([at(150, 10), at(200, 20), at(400, 1)], "mean")).toEqual([null, 15, 1]);
  expect(grid.place([at(150, 10), at(200, 20), at(400, 1)], "max")).toEqual([null, 20, 1]);
});

test("a missed tick takes the value after it, which covers that time too; a long gap stays a gap", () => {
  const grid = new TimeGrid(900, 100, 1_000);
  const values = grid.place([at(100, 1), at(300, 3), at(900, 9)], "mean");
  expect(values).toEqual([null, 1, 3, 3, null, null, null, null, null, 9]);
});
