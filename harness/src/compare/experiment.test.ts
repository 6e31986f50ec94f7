import { expect, it } from "vitest";
import { experimentText, tryComparisons } from "./experiment.ts";
import type { Repeats } from "./repeats.ts";

const RUNS = 12;

/** Deterministic noise without a pattern. */
const noise = (run: number, figure: number) => (Math.sin(run * 12.9898 + figure * 78.233) * 43_758.5453) % 1;

const recorded: Repeats = {
  repeatsVersion: 1,
  scenario: "sample",
  startedAt: Array.from({ length: RUNS }, () => "2026-01-02T03:04:05.678Z"),
  durationMs: 1_000,
  environment: "none",
  figures: [
    { name: "bytes", unit: "B", isCount: true, values: new Array<number>(RUNS).fill(996) },
    ...[1, 2, 3, 4].map((figure) => ({
      name: `figure ${figure}`,
      unit: "",
      isCount: false,
      values: Array.from({ length: RUNS }, (_, run) => 100 + noise(run, figure)),
    })),
  ],
};

it("Runs of one program give at most one false alarm in 20 comparisons, and one byte more is always detected", () => {
  const experiment = tryComparisons(recorded, 100, 1)!;
  expect(experiment.falseAlarms).toBeLessThanOrEqual(5);
  expect(experiment.oneMore).toEqual([{ name: "bytes", caught: 100 }]);
  expect(experiment.factors.every(({ caught }) => caught === 100)).toBe(true);
  expect(experimentText(experiment)).toContain("100 comparisons of 6 with 6 runs of sample");
});

it("Too few runs give no experiment", () => {
  expect(tryComparisons({ ...recorded, startedAt: recorded.startedAt.slice(0, 5) }, 10, 1)).toBeNull();
});
