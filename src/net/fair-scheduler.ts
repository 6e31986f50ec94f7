// Fair scheduling of all connections on one thread, so that a flood delays only those who flood.
//
// Work is measured in time slices of 0.5 ms (SLICE_MS). A connection that is logged in and sends little is served as
// its input arrives. All other work shares three slices in each turn of the event loop, each with a queue of its own:
//   yielded connections          those that used up a slice of their own; the first in the queue gets the next slice
//   unauthenticated input        what connections sent on which nobody is logged in
//   unauthenticated connections  that are opened and closed
// When a slice is used up, the rest of its queue waits for the next turn, first in, first out. Nothing is dropped.

/** How long the work of one queue may delay everybody else in one turn. */
const SLICE_MS = 0.5;
/** An idle slice is renewed after this time, so that occasional work need not wait for the next turn. */
const RENEWAL_MS = 2 * SLICE_MS;
/** What the system and Node spend on a connection after it was opened or closed, about. */
const OPEN_OR_CLOSE_MS = 0.05;

export interface Scheduler {
  /** Grows with each turn of the event loop, while somebody asks. */
  readonly turn: number;
  /** The clock that measures slices. */
  nowMs(): number;
  isSliceOver(startMs: number): boolean;
  /** Runs `resume` with a new slice, in a later turn. */
  yield(resume: () => void): void;
  /** Runs `read`, for a connection on which nobody is logged in, in this turn or a later one. */
  scheduleInput(read: () => void): void;
  /** Runs `openOrClose`, for a connection on which nobody is logged in, in this turn or a later one. */
  scheduleOpenOrClose(openOrClose: () => void): void;
}

/** One time slice in each turn of the event loop, and the queue of the work that shares it. */
export class SharedSlice {
  /** What each piece of work costs after it has returned. */
  readonly #overheadMs: number;
  readonly #queue: (() => void)[] = [];
  #isNextPlanned = false;
  #startMs = Number.NEGATIVE_INFINITY;
  #spentMs = 0;

  constructor(overheadMs = 0) {
    this.#overheadMs = overheadMs;
  }

  /** Runs `work`, now or in a later turn, and never before work that was queued earlier. */
  schedule(work: () => void): void {
    const nowMs = performance.now();
    if (nowMs - this.#startMs > RENEWAL_MS) this.#renew(nowMs);
    if (this.#queue.length === 0 && this.#spentMs < SLICE_MS) this.#run(work, nowMs);
    else {
      this.#queue.push(work);
      this.#planNext();
    }
  }

  #renew(nowMs: number): void {
    this.#startMs = nowMs;
    this.#spentMs = 0;
  }

  #run(work: () => void, startMs: number): void {
    work();
    this.#spentMs += performance.now() - startMs + this.#overheadMs;
  }

  #planNext(): void {
    if (this.#isNextPlanned || this.#queue.length === 0) return;
    this.#isNextPlanned = true;
    setImmediate(() => {
      this.#isNextPlanned = false;
      this.#renew(performance.now());
      while (this.#spentMs < SLICE_MS && this.#queue.length > 0)
        this.#run(this.#queue.shift() as () => void, performance.now());
      this.#planNext();
    });
  }
}

export class FairScheduler implements Scheduler {
  readonly #yielded: (() => void)[] = [];
  readonly #input = new SharedSlice();
  readonly #openingAndClosing = new SharedSlice(OPEN_OR_CLOSE_MS);
  #isNextPlanned = false;
  #turn = 0;
  #isTurnEndPlanned = false;

  get turn(): number {
    if (!this.#isTurnEndPlanned) {
      this.#isTurnEndPlanned = true;
      setImmediate(() => {
        this.#isTurnEndPlanned = false;
        this.#turn += 1;
      });
    }
    return this.#turn;
  }

  nowMs(): number {
    return performance.now();
  }

  isSliceOver(startMs: number): boolean {
    return performance.now() - startMs > SLICE_MS;
  }

  yield(resume: () => void): void {
    this.#yielded.push(resume);
    this.#planNext();
  }

  scheduleInput(read: () => void): void {
    this.#input.schedule(read);
  }

  scheduleOpenOrClose(openOrClose: () => void): void {
    this.#openingAndClosing.schedule(openOrClose);
  }

  /** One connection in each turn, though it may yield again at once. */
  #planNext(): void {
    if (this.#isNextPlanned || this.#yielded.length === 0) return;
    this.#isNextPlanned = true;
    setImmediate(() => {
      this.#isNextPlanned = false;
      this.#yielded.shift()?.();
      this.#planNext();
    });
  }
}

/** For a simulation, whose time stands still while a line is handled: nobody ever waits. */
export const unlimitedScheduler: Scheduler = {
  turn: 0,
  nowMs: () => 0,
  isSliceOver: () => false,
  yield: (resume) => resume(),
  scheduleInput: (read) => read(),
  scheduleOpenOrClose: (openOrClose) => openOrClose(),
};

/** Shared by all connections of this program. */
export const fairScheduler = new FairScheduler();
