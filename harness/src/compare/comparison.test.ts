import { describe, expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { compareRepeats, hasDifference } from "./comparison.ts";
import { comparisonMarkdown } from "./comparison-table.ts";
import { gatherRepeats, type Repeats, type Series } from "./repeats.ts";

function repeats(...figures: [name: string, isCount: boolean, values: number[]][]): Repeats {
  const runs = figures[0]![2].length;
  return {
    repeatsVersion: 1,
    scenario: "sample",
    startedAt: Array.from({ length: runs }, () => "2026-01-02T03:04:05.678Z"),
    durationMs: 1_000,
    environment: "none",
    figures: figures.map(([name, isCount, values]): Series => ({ name, unit: "", isCount, values })),
  };
}

const verdicts = (before: Repeats, after: Repeats) =>
  compareRepeats(before, after).map(({ name, verdict }) => `${name}: ${verdict}`);

describe("a comparison", () => {
  it.each([
    ["one byte more", [100, 100, 100], [101, 101, 101], "worse"],
    ["one byte less", [100, 100, 100], [99, 99, 99], "better"],
    ["the same bytes", [100, 100, 100], [100, 100, 100], "the same"],
    ["bytes that vary without a change", [100, 101, 100], [101, 101, 100], "no evidence"],
    ["one byte more in too few runs", [100, 100], [101, 101], "no evidence"],
  ])("recognises %s", (_, before, after, verdict) => {
    expect(verdicts(repeats(["bytes", true, before]), repeats(["bytes", true, after]))).toEqual([
      `bytes: ${verdict}`,
    ]);
  });

  it("distinguishes a shift of all runs from noise, and knows which direction is better", () => {
    const before = repeats(["CPU", false, [5, 6, 7, 8, 9]], ["memory", false, [50, 60, 70, 80, 90]]);
    const after = repeats(["CPU", false, [1, 2, 3, 4, 4.5]], ["memory", false, [55, 65, 75, 85, 45]]);
    expect(verdicts(before, after)).toEqual(["CPU: better", "memory: no evidence"]);
    expect(verdicts(after, before)).toEqual(["CPU: worse", "memory: no evidence"]);
  });

  it("requires more evidence the more figures it tests, not counting exact ones", () => {
    const [low, high] = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ];
    const one = (values: number[]) => repeats(["a", false, values], ["bytes", true, [1, 1, 1, 1]]);
    expect(verdicts(one(low!), one(high!))[0]).toBe("a: worse");
    const two = (values: number[]) => repeats(["a", false, values], ["b", false, low!]);
    expect(verdicts(two(low!), two(high!))[0]).toBe("a: no evidence");
  });

  it("counts a figure that one side lacks as 0 there", () => {
    const before = repeats(["bytes of a", true, [5, 5, 5]]);
    const after = repeats(["bytes of a", true, [5, 5, 5]], ["bytes of b", true, [9, 9, 9]]);
    expect(verdicts(before, after)).toEqual(["bytes of a: the same", "bytes of b: worse"]);
    expect(verdicts(after, before)).toEqual(["bytes of a: the same", "bytes of b: better"]);
  });

  it("leaves out what is 0 on both sides", () => {
    const none = repeats(["bytes", true, [0, 0, 0]]);
    expect(verdicts(none, none)).toEqual([]);
  });

  it("names the method, the medians and their intervals", () => {
    const before = repeats(["CPU", false, [1, 2, 3]], ["bytes", true, [4, 4, 4]]);
    const markdown = comparisonMarkdown(compareRepeats(before, before), "old", "new");
    expect(markdown).toContain(
      "| CPU | 2 \\[1, 3\\] | 2 \\[1, 3\\] | 0 | no evidence | Mann–Whitney, Holm, p = 1.000 |",
    );
    expect(markdown).toContain("| bytes | 4 | 4 | 0 | the same | exact |");
  });

  it("finds no difference between runs that have the same figures", () => {
    const runs = gatherRepeats([sampleResult(), sampleResult(), sampleResult()]);
    expect(hasDifference(compareRepeats(runs, runs))).toBe(false);
    expect(runs.figures.map(({ name, values }) => `${name}: ${values[0]}`)).toEqual([
      "CPU of server, mean: 15",
      "memory of server, maximum: 80",
      "bytes of control: 4000",
      "connections of control: 2",
    ]);
  });
});
