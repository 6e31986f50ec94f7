// What the harness itself cost in a run, and how well it kept its times.
import type { Overhead } from "../result/result.ts";
import type { Ticks } from "../samplers/schedule.ts";
import { quantile } from "../statistics/quantiles.ts";
import { maximum } from "../statistics/totals.ts";

/** Begins the account; what is returned closes it. `witnessCpuMs`: of processes that count sockets for us, so far. */
export function watchOverhead(
  nowMs: () => number,
  witnessCpuMs: () => number | null = () => null,
): (ticks: Readonly<Ticks>) => Overhead {
  const startMs = nowMs();
  const witnessBeforeMs = witnessCpuMs();
  const before = process.cpuUsage();
  const clockResolutionMs = resolutionOf(nowMs);
  return ({ missed, errorsMs }) => {
    const { user, system } = process.cpuUsage(before);
    const hasErrors = errorsMs.length > 0;
    const runMs = Math.max(nowMs() - startMs, clockResolutionMs);
    const witnessMs = witnessCpuMs();
    const isWitnessKnown = witnessMs !== null && witnessBeforeMs !== null;
    return {
      harnessCpuPercent: (100 * (user + system)) / 1e3 / runMs,
      ...(isWitnessKnown && { witnessCpuPercent: (100 * (witnessMs - witnessBeforeMs)) / runMs }),
      ticksMissed: missed,
      scheduleErrorMs: {
        p50: hasErrors ? quantile(errorsMs, 0.5) : 0,
        p99: hasErrors ? quantile(errorsMs, 0.99) : 0,
        max: maximum(errorsMs),
      },
      clockResolutionMs,
    };
  };
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
