// The clock that server and client are given; a test or a simulation provides its own.

export interface Clock {
  /** Milliseconds: of `wallClock` since 1970; of `steadyClock` from a zero that is anywhere, never back. */
  nowMs(): number;
  /** Runs `run` once, unless the function that it returns is called before. */
  after(delayMs: number, run: () => void): () => void;
}

export const wallClock: Clock = { nowMs: () => Date.now(), after };

export const steadyClock: Clock = { nowMs: () => performance.now(), after };

function after(delayMs: number, run: () => void): () => void {
  const timeout = setTimeout(run, delayMs);
  return () => clearTimeout(timeout);
}
