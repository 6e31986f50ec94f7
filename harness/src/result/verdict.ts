// How a verdict stands with the run: a limit that was missed fails it, unless it is one of time and those are only told.
import type { Verdict } from "./result.ts";

export type Standing = "passed" | "missed" | "failed";

export const TIMING_MODES = ["judged", "told"] as const;
export type TimingMode = (typeof TIMING_MODES)[number];

export function standingOf({ passed, isOnlyTold = false }: Verdict): Standing {
  if (passed) return "passed";
  return isOnlyTold ? "missed" : "failed";
}
