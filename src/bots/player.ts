// Plays planned matches with one client: invites or accepts, makes the planned moves, waits for the result.
import type { Client } from "../client/client.ts";
import type { Notice } from "../client/session/notice.ts";
import { otherSymbol, type PlayerSymbol } from "../game/board.ts";
import type { Outcome } from "../protocol/fields.ts";
import type { Clock } from "../shared/clock/clock.ts";
import type { PlannedMatch } from "./schedule.ts";
import type { Tally } from "./tally.ts";

/** How long a match may fail to begin before it is given up. */
const BEGIN_LIMIT_MS = 180_000;
const BEGIN_AGAIN_SECONDS = 1;

/** Both players share one object, because both run in this process. */
export interface MatchUnderWay {
  readonly plan: PlannedMatch;
  readonly names: Readonly<Record<PlayerSymbol, string>>;
  /** The time since which both players have been free. */
  readonly dueMs: number;
  /** O's next match is against X again. */
  readonly isRematchNext: boolean;
  /** When the last move was due. */
  moveDueMs: number;
  readonly results: Partial<Record<PlayerSymbol, { outcome: Outcome; points: number }>>;
}

export interface PlayerHandlers {
  /** The server has answered this player's result. */
  onPlayed(match: MatchUnderWay): void;
  onGivenUp(match: MatchUnderWay): void;
}

interface PlayerOptions {
  clock: Clock;
  /** Thinking time per move. */
  thinkMs: number;
  tally: Tally;
}

export class Player {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #thinkMs: number;
  readonly #tally: Tally;
  readonly #handlers: PlayerHandlers;
  #match: MatchUnderWay | null = null;
  #symbol: PlayerSymbol = "X";
  #hasStarted = false;
  #lastActionMs: number | null = null;
  #stopBeginning: () => void = () => {};

  constructor(client: Client, { clock, thinkMs, tally }: PlayerOptions, handlers: PlayerHandlers) {
    this.#client = client;
    this.#clock = clock;
    this.#thinkMs = thinkMs;
    this.#tally = tally;
    this.#handlers = handlers;
  }

  play(match: MatchUnderWay, symbol: PlayerSymbol): void {
    this.#match = match;
    this.#symbol = symbol;
    this.#hasStarted = false;
    this.#lastActionMs = null;
    if (symbol === "X") this.#begin();
  }

  drop(): void {
    this.#match = null;
    this.#stopBeginning();
  }

  hear(notice: Notice): void {
    const match = this.#match;
    const nowMs = this.#clock.nowMs();
    switch (notice.kind) {
      case "server-refused":
        if (notice.request === "begin") this.#beginIn(notice.seconds ?? BEGIN_AGAIN_SECONDS);
        break;
      case "invitation-refused":
        this.#beginIn(BEGIN_AGAIN_SECONDS);
        break;
      case "server-back":
      case "logged-in":
        this.#beginIn(0);
        break;
      case "invited": {
        const isYes = match?.names.X === notice.user;
        queueMicrotask(() => this.#client.run({ name: "answer", isYes }));
        break;
      }
      case "match-started":
        this.#hasStarted = true;
        this.#stopBeginning();
        if (match && this.#symbol === "X") this.#tally.latencies.add("begin", nowMs - match.dueMs);
        break;
      case "your-move":
        if (match) match.moveDueMs = nowMs + this.#thinkMs;
        if (this.#thinkMs > 0) this.#clock.after(this.#thinkMs, () => this.#move());
        else queueMicrotask(() => this.#move());
        break;
      case "you-played":
        this.#lastActionMs = nowMs;
        break;
      case "opponent-played":
        this.#lastActionMs = nowMs;
        if (match) this.#delivered(match, nowMs);
        break;
      case "opponent-idle":
        queueMicrotask(() => this.#client.run({ name: "leave" }));
        break;
      case "result":
        if (match && notice.outcome !== "PENDING") this.#over(match, notice);
    }
  }

  #begin(): void {
    const match = this.#match;
    if (!match) return;
    if (this.#clock.nowMs() - match.dueMs > BEGIN_LIMIT_MS) this.#handlers.onGivenUp(match);
    else if (this.#client.refusalOf("begin") !== null) this.#beginIn(BEGIN_AGAIN_SECONDS);
    else this.#client.run({ name: "begin", user: match.names[otherSymbol(this.#symbol)] });
  }

  #beginIn(seconds: number): void {
    if (!this.#match || this.#symbol !== "X" || this.#hasStarted) return;
    this.#stopBeginning();
    this.#stopBeginning = this.#clock.after(seconds * 1_000, () => this.#begin());
  }

  #move(): void {
    const actionCount = this.#client.session.match?.transcript.actions.length;
    const square = actionCount === undefined ? undefined : this.#match?.plan.moves[actionCount];
    if (square) this.#client.run({ name: "send", row: square.row, column: square.column });
  }

  /** The first move waits until the players have met. */
  #delivered(match: MatchUnderWay, nowMs: number): void {
    const isFirst = this.#symbol === "O" && this.#client.session.match?.transcript.actions.length === 1;
    this.#tally.latencies.add(isFirst ? "first move" : "move", nowMs - match.moveDueMs);
  }

  #over(match: MatchUnderWay, { outcome, points }: { outcome: Outcome; points: number }): void {
    if (this.#lastActionMs !== null) {
      this.#tally.latencies.add("result", this.#clock.nowMs() - this.#lastActionMs);
    }
    match.results[this.#symbol] = { outcome, points };
    this.drop();
    queueMicrotask(() => {
      // X invites when the next match is due; O answers now whether a rematch follows.
      const isYes = this.#symbol === "O" && match.isRematchNext;
      if (this.#client.session.question?.kind === "rematch") this.#client.run({ name: "answer", isYes });
      this.#handlers.onPlayed(match);
    });
  }
}
