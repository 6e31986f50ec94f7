import { expect, it } from "vitest";
import { watchOverhead } from "./overhead.ts";

it("The harness's own cost is its CPU time over the run, and how far from their times its ticks were", () => {
  let nowMs = 0;
  const before = process.cpuUsage();
  const finish = watchOverhead(() => (nowMs += 0.5));
  const spendFrom = process.cpuUsage();
  while (spentMs(spendFrom) < 100);
  const errorsMs = Array.from({ length: 200 }, (_, index) => 200 - index);
  const overhead = finish({ taken: 200, missed: 3, errorsMs });
  const runMs = nowMs - 0.5;
  expect(overhead.harnessCpuPercent).toBeGreaterThan((100 * 100) / runMs);
  expect(overhead.harnessCpuPercent).toBeLessThan((100 * spentMs(before)) / runMs);
  expect(overhead).toMatchObject({ ticksMissed: 3, scheduleErrorMs: { p50: 100, p99: 198, max: 200 } });
  expect(overhead.clockResolutionMs).toBe(0.5);
});

it("Processes that count sockets for the tool have an account of their own, where it is known", () => {
  let nowMs = 0;
  let spentMs: number | null = 30;
  const finish = watchOverhead(
    () => (nowMs += 0.5),
    () => spentMs,
  );
  spentMs = 50;
  const fromMs = nowMs;
  nowMs = fromMs + 1_000;
  const ticks = { taken: 0, missed: 0, errorsMs: [] };
  expect(finish(ticks).witnessCpuPercent).toBeCloseTo(2, 0);
  spentMs = null;
  expect(finish(ticks)).not.toHaveProperty("witnessCpuPercent");
});

it("A run without a tick has an account as well", () => {
  const overhead = watchOverhead(() => performance.now())({ taken: 0, missed: 0, errorsMs: [] });
  expect(overhead.scheduleErrorMs).toEqual({ p50: 0, p99: 0, max: 0 });
});

function spentMs(from: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1e3;
}
