// A slice of each turn of the event loop, shared by all who bring work: what does not fit waits for the next turn.

/** How long those who share it may keep everybody else waiting in a turn. */
export const SLICE_MS = 0.5;
/** Who brings work now and then finds a new slice after so long, without waiting for a turn. */
const PERIOD_MS = 2 * SLICE_MS;

export class SharedSlice {
  /** What follows from each piece of work after it has returned, and is its cost as well. */
  readonly #afterMs: number;
  readonly #waiting: (() => void)[] = [];
  #isNextPlanned = false;
  #startMs = Number.NEGATIVE_INFINITY;
  #spentMs = 0;

  constructor(afterMs = 0) {
    this.#afterMs = afterMs;
  }

  /** Runs `work`, now or in a later turn, and never before work that was there first. */
  share(work: () => void): void {
    const nowMs = performance.now();
    if (nowMs - this.#startMs > PERIOD_MS) this.#begin(nowMs);
    if (this.#waiting.length === 0 && this.#spentMs < SLICE_MS) this.#run(work, nowMs);
    else {
      this.#waiting.push(work);
      this.#planNext();
    }
  }

  #begin(nowMs: number): void {
    this.#startMs = nowMs;
    this.#spentMs = 0;
  }

  #run(work: () => void, startMs: number): void {
    work();
    this.#spentMs += performance.now() - startMs + this.#afterMs;
  }

  #planNext(): void {
    if (this.#isNextPlanned || this.#waiting.length === 0) return;
    this.#isNextPlanned = true;
    setImmediate(() => {
      this.#isNextPlanned = false;
      this.#begin(performance.now());
      while (this.#spentMs < SLICE_MS && this.#waiting.length > 0)
        this.#run(this.#waiting.shift() as () => void, performance.now());
      this.#planNext();
    });
  }
}
