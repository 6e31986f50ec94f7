// What a player is told of the match at the board.
import type { Action } from "../../game/match.ts";
import type { SessionContext } from "./context.ts";
import type { Match } from "./match-play.ts";

export class MatchNews {
  readonly #context: SessionContext;

  constructor(context: SessionContext) {
    this.#context = context;
  }

  started({ opponent, symbol }: Match): void {
    this.#context.say({ kind: "match-started", opponent: opponent.user, symbol });
  }

  resumed({ opponent, symbol }: Match): void {
    this.#context.say({ kind: "match-resumed", opponent: opponent.user, symbol });
  }

  board({ transcript: { state, actions } }: Match): void {
    const last = actions.findLast((action) => action.kind === "play") ?? null;
    this.#context.say({ kind: "board", board: state.board, last });
  }

  turn({ symbol, opponent, transcript: { state } }: Match): void {
    const isMine = state.turn === symbol;
    this.#context.say(isMine ? { kind: "your-move" } : { kind: "waiting", opponent: opponent.user });
  }

  ownAction(action: Action): void {
    this.#context.say(
      action.kind === "play" ? { kind: "you-played", square: action } : { kind: "you-gave-up" },
    );
  }

  opponentsAction(action: Action, { opponent: { user } }: Match): void {
    if (action.kind === "play")
      this.#context.say({ kind: "opponent-played", opponent: user, square: action });
    else this.#context.say({ kind: "opponent-gave-up", opponent: user });
  }
}
