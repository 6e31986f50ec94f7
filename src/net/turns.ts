// Who is served when in a turn of the event loop. Those who are known and send little are served as they come. All who
// flood share one slice of each turn, and all strangers, who may be thousands and send next to nothing, share another.

/** How long those who share it may keep everybody else waiting; a list is answered in 0.001 ms. */
const SLICE_MS = 0.5;
/** Strangers get one slice in so long, and more only when the event loop has nothing else to do. */
const STRANGERS_PERIOD_MS = 2 * SLICE_MS;

export interface Turns {
  /** Of the clock by which slices are measured. */
  nowMs(): number;
  isOver(startMs: number): boolean;
  /** Runs `goOn` when it is this connection's turn again. */
  await(goOn: () => void): void;
  /**
   * Runs a stranger's `work`, now or in a later turn, and never one before another that was there first. `afterMs` is
   * what follows from it when it has returned, and is its cost as well.
   */
  share(work: () => void, afterMs?: number): void;
}

interface Share {
  work: () => void;
  afterMs: number;
}

export class SharedTurns implements Turns {
  readonly #waiting: (() => void)[] = [];
  #isNextPlanned = false;
  readonly #sharing: Share[] = [];
  #isSharePlanned = false;
  #sliceStartMs = Number.NEGATIVE_INFINITY;
  #sharedMs = 0;

  nowMs(): number {
    return performance.now();
  }

  isOver(startMs: number): boolean {
    return performance.now() - startMs > SLICE_MS;
  }

  await(goOn: () => void): void {
    this.#waiting.push(goOn);
    this.#planNext();
  }

  share(work: () => void, afterMs = 0): void {
    const nowMs = performance.now();
    if (nowMs - this.#sliceStartMs > STRANGERS_PERIOD_MS) this.#beginSlice(nowMs);
    const share = { work, afterMs };
    if (this.#sharing.length === 0 && this.#sharedMs < SLICE_MS) this.#run(share, nowMs);
    else this.#later(share);
  }

  #later(share: Share): void {
    this.#sharing.push(share);
    this.#planShare();
  }

  #beginSlice(nowMs: number): void {
    this.#sliceStartMs = nowMs;
    this.#sharedMs = 0;
  }

  #run({ work, afterMs }: Share, startMs: number): void {
    work();
    this.#sharedMs += performance.now() - startMs + afterMs;
  }

  #planShare(): void {
    if (this.#isSharePlanned || this.#sharing.length === 0) return;
    this.#isSharePlanned = true;
    setImmediate(() => {
      this.#isSharePlanned = false;
      this.#beginSlice(performance.now());
      for (let next = this.#sharing.shift(); next; next = this.#sharing.shift()) {
        this.#run(next, performance.now());
        if (this.#sharedMs >= SLICE_MS) break;
      }
      this.#planShare();
    });
  }

  /** Once in a turn, though whoever is called waits again at once. */
  #planNext(): void {
    if (this.#isNextPlanned || this.#waiting.length === 0) return;
    this.#isNextPlanned = true;
    setImmediate(() => {
      this.#isNextPlanned = false;
      this.#waiting.shift()?.();
      this.#planNext();
    });
  }
}

/** For a world whose time stands still while a line is handed over. */
export const endlessTurn: Turns = {
  nowMs: () => 0,
  isOver: () => false,
  await: (goOn) => goOn(),
  share: (work) => work(),
};

/** Of all connections of this program. */
export const sharedTurns = new SharedTurns();
