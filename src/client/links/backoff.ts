// How long to wait before trying again: 0.5 s at first, then growing, jittered, at most 5 s, until a limit.
import type { Clock } from "../../shared/clock/clock.ts";
import type { Random } from "../world.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;

export class Backoff {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #limitMs: number;
  #sinceMs: number | null = null;
  #tries = 0;

  constructor(clock: Clock, random: Random, limitMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#limitMs = limitMs;
  }

  /** The next wait, or null when the limit is reached. */
  nextWaitMs(): number | null {
    this.#sinceMs ??= this.#clock.nowMs();
    const leftMs = this.#sinceMs + this.#limitMs - this.#clock.nowMs();
    if (leftMs <= 0) return null;
    const ceilingMs = Math.min(FIRST_WAIT_MS * 2 ** this.#tries, LONGEST_WAIT_MS);
    const waitMs = this.#tries === 0 ? FIRST_WAIT_MS : ceilingMs * (0.5 + this.#random.fraction() / 2);
    this.#tries += 1;
    return Math.min(waitMs, leftMs);
  }

  reset(): void {
    this.#sinceMs = null;
    this.#tries = 0;
  }
}
