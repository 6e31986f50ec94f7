import { expect, test } from "vitest";
import { ARMS, measureCost } from "./measuring-cost.ts";
import { measuringCostTable } from "./measuring-cost-table.ts";

test("A program sends the same bytes alone and measured", async () => {
  const runs = await measureCost({ rounds: 1, messagesEach: 4, idleMs: 0 });
  expect(runs.map(({ arm }) => arm)).toEqual([...ARMS]);
  const [first] = runs;
  expect(first!.bytesSent).toBe(8 * 5 * 44);
  expect(runs.map(({ bytesSent }) => bytesSent)).toEqual(runs.map(() => first!.bytesSent));
});

test("The cost of being measured is reported round by round, with its spread", () => {
  const round = (...busyCpuMs: number[]) =>
    ARMS.map((arm, index) => ({
      arm,
      busyCpuMs: busyCpuMs[index]!,
      idlePercent: busyCpuMs[index]! / 100,
      bytesSent: 9,
    }));
  const table = measuringCostTable([...round(100, 102, 110, 120), ...round(200, 208, 220, 240)]).split("\n");
  expect(table[2]).toMatch(
    /^measured +9 +155 +3\.0 \(2\.0 to 4\.0\) % +1\.55 +0\.05 \(0\.02 to 0\.08\) points$/,
  );
});
