// Counts of logged events since the start, for metrics and the live page. Events whose line is left out count too.
import type { MatchOutcome } from "./store/store.ts";

export interface EventTotals {
  clients: number;
  loginsGood: number;
  loginsBad: number;
  matchesStarted: number;
  /** A match whose outcome was corrected counts again. */
  matchesEnded: Record<MatchOutcome, number>;
  heartbeatsLost: number;
  violations: number;
  /** The last change could not be stored. */
  isStoreInTrouble: boolean;
}

export function noEvents(): EventTotals {
  return {
    clients: 0,
    loginsGood: 0,
    loginsBad: 0,
    matchesStarted: 0,
    matchesEnded: { X: 0, O: 0, draw: 0, void: 0 },
    heartbeatsLost: 0,
    violations: 0,
    isStoreInTrouble: false,
  };
}
