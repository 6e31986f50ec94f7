// The totals of many simulated runs.
import type { SimulationReport } from "./simulation.ts";

export interface Totals {
  seedCount: number;
  matchCount: number;
  provenCount: number;
  faultCount: number;
  virtualMs: number;
  failures: { seed: number; violation: string }[];
}

export function newTotals(): Totals {
  return { seedCount: 0, matchCount: 0, provenCount: 0, faultCount: 0, virtualMs: 0, failures: [] };
}

export function addReport(totals: Totals, { seed, violation, ...report }: SimulationReport): void {
  const failures = violation === null ? [] : [{ seed, violation }];
  addTotals(totals, { ...report, seedCount: 1, failures });
}

export function addTotals(totals: Totals, added: Totals): void {
  totals.seedCount += added.seedCount;
  totals.matchCount += added.matchCount;
  totals.provenCount += added.provenCount;
  totals.faultCount += added.faultCount;
  totals.virtualMs += added.virtualMs;
  totals.failures.push(...added.failures);
}

const HOUR_MS = 3_600_000;

/** The totals on one line. */
export function figures({
  seedCount,
  matchCount,
  provenCount,
  faultCount,
  virtualMs,
  failures,
}: Totals): string {
  const matches = `${matchCount} matches (${provenCount} proven)`;
  const hours = `${(virtualMs / HOUR_MS).toFixed(1)} h of simulated time`;
  return `${seedCount} seeds: ${seedCount - failures.length} held, ${failures.length} failed; ${matches}, ${faultCount} faults, ${hours}`;
}
