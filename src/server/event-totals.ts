// How often what the log tells of has happened since the start: what metrics and the live page read. Counted where a
// line is asked for, so also when that line is left out.
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
  /** The store did not take the last change. */
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
