// The standing of a verdict: a missed limit fails the run. Under --timing warn a missed limit of time only warns.
import type { Verdict } from "./result.ts";

export type Standing = "passed" | "missed" | "failed";

export const TIMING_MODES = ["enforce", "warn"] as const;
export type TimingMode = (typeof TIMING_MODES)[number];

export function standingOf({ passed, isOnlyTold = false }: Verdict): Standing {
  if (passed) return "passed";
  return isOnlyTold ? "missed" : "failed";
}
