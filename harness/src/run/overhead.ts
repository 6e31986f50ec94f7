// What the harness itself cost in a run, and how well it kept its times.
import type { Overhead } from "../result/result.ts";
import type { Ticks } from "../samplers/schedule.ts";

/** Begins the account; what is returned closes it. */
export function watchOverhead(nowMs: () => number): (ticks: Readonly<Ticks>) => Overhead {
  const startMs = nowMs();
  const before = process.cpuUsage();
  const clockResolutionMs = resolutionOf(nowMs);
  return ({ missed, errorsMs }) => {
    const { user, system } = process.cpuUsage(before);
    const inOrder = errorsMs.toSorted((one, other) => one - other);
    return {
      harnessCpuPercent: (100 * (user + system)) / 1e3 / Math.max(nowMs() - startMs, clockResolutionMs),
      ticksMissed: missed,
      scheduleErrorMs: {
        p50: quantile(inOrder, 0.5),
        p99: quantile(inOrder, 0.99),
        max: inOrder.at(-1) ?? 0,
      },
      clockResolutionMs,
    };
  };
}

/** The nearest rank: a value that was measured, none in between. */
function quantile(inOrder: readonly number[], share: number): number {
  return inOrder[Math.max(0, Math.ceil(inOrder.length * share) - 1)] ?? 0;
}

/** The smallest step that the clock was seen to take. */
function resolutionOf(nowMs: () => number): number {
  let smallest = Number.POSITIVE_INFINITY;
  for (let step = 0; step < 200; step++) {
    const before = nowMs();
    let after = nowMs();
    while (after <= before) after = nowMs();
    smallest = Math.min(smallest, after - before);
  }
  return smallest;
}
