import { expect, test } from "vitest";
import { ARMS, type Arm, takeTurns } from "./with-and-without.ts";
import { withAndWithoutTable } from "./with-and-without-table.ts";

test("A program sends the same bytes alone and measured", async () => {
  const turns = await takeTurns({ rounds: 1, messagesEach: 4, idleMs: 0 });
  expect(turns.map(({ arm }) => arm)).toEqual([...ARMS]);
  const [first] = turns;
  expect(first!.bytesSent).toBe(8 * 5 * 44);
  expect(turns.map(({ bytesSent }) => bytesSent)).toEqual(turns.map(() => first!.bytesSent));
});

test("What being measured cost is told round by round, with its spread", () => {
  const turn = (arm: Arm, busyCpuMs: number) => ({
    ...{ arm, busyCpuMs },
    idlePercent: busyCpuMs / 100,
    bytesSent: 9,
  });
  const table = withAndWithoutTable([
    ...[
      turn("alone", 100),
      turn("measured", 102),
      turn("measured, by type of message", 110),
      turn("measured, messages kept", 120),
    ],
    ...[
      turn("alone", 200),
      turn("measured", 208),
      turn("measured, by type of message", 220),
      turn("measured, messages kept", 240),
    ],
  ]).split("\n");
  expect(table[2]).toMatch(
    /^measured +9 +155 +3\.0 \(2\.0 to 4\.0\) % +1\.55 +0\.05 \(0\.02 to 0\.08\) points$/,
  );
});
