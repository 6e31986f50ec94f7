// Pairs users who want to play.
import type { MatchUnderWay, Player } from "../../src/bots/player.ts";
import { planMatch } from "../../src/bots/schedule.ts";

export interface WaitingPlayer {
  readonly name: string;
  readonly player: Player;
}

export class Matchmaker {
  readonly #seed: number;
  readonly #nowMs: () => number;
  #waiting: WaitingPlayer | null = null;
  #matchCount = 0;

  constructor(seed: number, nowMs: () => number) {
    this.#seed = seed;
    this.#nowMs = nowMs;
  }

  /** Starts a match with the user who waits, or waits. */
  enter(o: WaitingPlayer): void {
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

  /** True if this user was still waiting. */
  leave(user: WaitingPlayer): boolean {
    if (this.#waiting !== user) return false;
    this.#waiting = null;
    return true;
  }
}
