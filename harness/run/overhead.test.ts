import { expect, it } from "vitest";
import { watchOverhead } from "./overhead.ts";

it("The harness's own cost is its CPU time over the run, and how far from their times its ticks were", () => {
  const finish = watchOverhead(() => performance.now());
  const before = process.cpuUsage();
  const startMs = performance.now();
  while (performance.now() - startMs < 100);
  const { user, system } = process.cpuUsage(before);
  const errorsMs = Array.from({ length: 200 }, (_, index) => 200 - index);
  const overhead = finish({ taken: 200, missed: 3, errorsMs });
  const spentPercent = (user + system) / 1e3;
  expect(overhead.harnessCpuPercent).toBeGreaterThan(spentPercent * 0.5);
  expect(overhead.harnessCpuPercent).toBeLessThan(400);
  expect(overhead).toMatchObject({ ticksMissed: 3, scheduleErrorMs: { p50: 100, p99: 198, max: 200 } });
  expect(overhead.clockResolutionMs).toBeGreaterThan(0);
  expect(overhead.clockResolutionMs).toBeLessThan(1);
});

it("A run without a tick has an account as well", () => {
  const overhead = watchOverhead(() => performance.now())({ taken: 0, missed: 0, errorsMs: [] });
  expect(overhead.scheduleErrorMs).toEqual({ p50: 0, p99: 0, max: 0 });
});
