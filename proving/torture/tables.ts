// Where guests who want to play meet, two and two.
import type { MatchUnderWay, Player } from "../../src/bots/player.ts";
import { planMatch } from "../../src/bots/schedule.ts";

export interface Seat {
  readonly name: string;
  readonly player: Player;
}

export class Tables {
  readonly #seed: number;
  readonly #nowMs: () => number;
  #waiting: Seat | null = null;
  #matchCount = 0;

  constructor(seed: number, nowMs: () => number) {
    this.#seed = seed;
    this.#nowMs = nowMs;
  }

  /** Plays with who waits, or waits. */
  sit(o: Seat): void {
    const x = this.#waiting;
    if (!x) {
      this.#waiting = o;
      return;
    }
    this.#waiting = null;
    this.#matchCount += 1;
    const match: MatchUnderWay = {
      plan: { x: 0, o: 1, ...planMatch(this.#seed, this.#matchCount) },
      names: { X: x.name, O: o.name },
      dueMs: this.#nowMs(),
      moveDueMs: this.#nowMs(),
      isRematchNext: false,
      results: {},
    };
    o.player.play(match, "O");
    x.player.play(match, "X");
  }

  /** True when it was still waiting. */
  rise(seat: Seat): boolean {
    if (this.#waiting !== seat) return false;
    this.#waiting = null;
    return true;
  }
}
