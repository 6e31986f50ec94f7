// A clock that advances only when a test tells it to.
import type { Clock } from "./clock.ts";

interface Waiting {
  atMs: number;
  run(): void;
}

export class ManualClock implements Clock {
  #nowMs = 1_600_000_000_000;
  readonly #waiting = new Set<Waiting>();

  nowMs = (): number => this.#nowMs;

  after(delayMs: number, run: () => void): () => void {
    const waiting = { atMs: this.#nowMs + delayMs, run };
    this.#waiting.add(waiting);
    return () => this.#waiting.delete(waiting);
  }

  get timerCount(): number {
    return this.#waiting.size;
  }

  /** Lets time pass; timers run in their order, each at its time. */
  advance(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#next(untilMs); next; next = this.#next(untilMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#waiting.delete(next);
      next.run();
    }
    this.#nowMs = untilMs;
  }

  /** Time passes without running timers, as for a stopped process. */
  sleep(forMs: number): void {
    this.#nowMs += forMs;
  }

  /** The clock is set to another time; timers are not affected. */
  set(byMs: number): void {
    this.#nowMs += byMs;
    for (const waiting of this.#waiting) waiting.atMs += byMs;
  }

  #next(untilMs: number): Waiting | undefined {
    const due = [...this.#waiting].filter(({ atMs }) => atMs <= untilMs);
    return due.sort((one, other) => one.atMs - other.atMs)[0];
  }
}
