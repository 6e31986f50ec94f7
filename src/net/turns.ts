// Whose lines are handed over next when somebody sends more than fits in a turn of the event loop: those who send
// little are served as they come, and all who flood share what is left, one slice in each turn.

/** How long the lines of one connection may keep everybody else waiting; a list is answered in 0.001 ms. */
const SLICE_MS = 0.5;

export interface Turns {
  /** Of the clock by which slices are measured. */
  nowMs(): number;
  isOver(startMs: number): boolean;
  /** Runs `goOn` when it is this connection's turn again. */
  await(goOn: () => void): void;
}

export class SharedTurns implements Turns {
  readonly #waiting: (() => void)[] = [];
  #isNextPlanned = false;

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
export const endlessTurn: Turns = { nowMs: () => 0, isOver: () => false, await: (goOn) => goOn() };
