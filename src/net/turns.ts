// Who is served when in a turn of the event loop. Those who are known and send little are served as they come. All who
// flood share one slice of each turn. Strangers, who may be thousands and send next to nothing, share one for what they
// send, and another for coming and going, so that those who are here need not wait for those who come.
import { SharedSlice, SLICE_MS } from "./shared-slice.ts";

/** What the system and Node have to do when a connection has been opened or ended, about. */
const COMING_OR_GOING_MS = 0.05;

export interface Turns {
  /** Of the clock by which slices are measured. */
  nowMs(): number;
  isOver(startMs: number): boolean;
  /** Runs `goOn` when it is this connection's turn again. */
  await(goOn: () => void): void;
  /** Reads what a stranger sent, now or in a later turn. */
  read(lines: () => void): void;
  /** Opens or ends a stranger's connection, now or in a later turn. */
  comeOrGo(openOrEnd: () => void): void;
}

export class SharedTurns implements Turns {
  readonly #flooding: (() => void)[] = [];
  #isNextPlanned = false;
  readonly #reading = new SharedSlice();
  readonly #comingAndGoing = new SharedSlice(COMING_OR_GOING_MS);

  nowMs(): number {
    return performance.now();
  }

  isOver(startMs: number): boolean {
    return performance.now() - startMs > SLICE_MS;
  }

  await(goOn: () => void): void {
    this.#flooding.push(goOn);
    this.#planNext();
  }

  read(lines: () => void): void {
    this.#reading.share(lines);
  }

  comeOrGo(openOrEnd: () => void): void {
    this.#comingAndGoing.share(openOrEnd);
  }

  /** Once in a turn, though whoever is called waits again at once. */
  #planNext(): void {
    if (this.#isNextPlanned || this.#flooding.length === 0) return;
    this.#isNextPlanned = true;
    setImmediate(() => {
      this.#isNextPlanned = false;
      this.#flooding.shift()?.();
      this.#planNext();
    });
  }
}

/** For a world whose time stands still while a line is handed over. */
export const endlessTurn: Turns = {
  nowMs: () => 0,
  isOver: () => false,
  await: (goOn) => goOn(),
  read: (lines) => lines(),
  comeOrGo: (openOrEnd) => openOrEnd(),
};

/** Of all connections of this program. */
export const sharedTurns = new SharedTurns();
