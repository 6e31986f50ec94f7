// The clock of one run: its times are milliseconds since the run began, from a monotonic clock.

export interface RunClock {
  /** In ISO format, by the clock on the wall. */
  readonly startedAt: string;
  readonly nowMs: () => number;
}

export function startClock(): RunClock {
  const startMs = performance.now();
  return { startedAt: new Date().toISOString(), nowMs: () => performance.now() - startMs };
}
