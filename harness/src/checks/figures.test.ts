import { expect, test } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { figureAtLeast, figureAtMost } from "./figures.ts";

const result = { ...sampleResult(), figures: [{ name: "ratio", unit: "×", values: [0.7, 0.9, 0.8123] }] };

test("A figure is judged by the median of its rounds, and the advice gives their spread", () => {
  expect(figureAtLeast("ratio", 0.8, "Profile.")(result)).toEqual({
    name: "ratio, median of 3",
    passed: true,
    value: "0.812 (0.7 to 0.9)",
    limit: 0.8,
    unit: "×",
    advice: "Profile. The rounds gave 0.7 to 0.9 ×.",
  });
});

test("A limit is missed if the interval of the median misses it, not if one round does", () => {
  expect(figureAtMost("ratio", 0.8, "Profile.")(result)).toMatchObject({ passed: true });
  expect(figureAtMost("ratio", 0.69, "Profile.")(result)).toMatchObject({ passed: false });
  expect(figureAtLeast("ratio", 0.91, "Profile.")(result)).toMatchObject({ passed: false });
});

test("A figure that was not measured fails", () => {
  expect(figureAtMost("other", 1, "Look.")(result)).toMatchObject({ passed: false, value: "not measured" });
});
