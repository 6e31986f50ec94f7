// The course of one match: whose turn it is, which actions are legal, how it ends. X moves first.
import {
  at,
  type Board,
  emptyBoard,
  isFull,
  isSquare,
  otherSymbol,
  type PlayerSymbol,
  place,
  type Square,
  winner,
} from "./board.ts";

export type Action =
  | ({ readonly kind: "play" } & Square)
  | { readonly kind: "end"; readonly symbol: PlayerSymbol };

/** How a match ended. `winner` is null for a draw; `gaveUp` tells that an `end` decided it. */
export interface MatchEnd {
  readonly winner: PlayerSymbol | null;
  readonly gaveUp: boolean;
}

export interface MatchState {
  readonly board: Board;
  readonly actionCount: number;
  readonly turn: PlayerSymbol;
  /** null while the match is on. */
  readonly end: MatchEnd | null;
}

export type IllegalAction = "BAD_ARGUMENTS" | "MATCH_OVER" | "NOT_YOUR_TURN" | "SQUARE_TAKEN";

export type ActResult = { ok: true; state: MatchState } | { ok: false; code: IllegalAction };

export const newMatch: MatchState = { board: emptyBoard, actionCount: 0, turn: "X", end: null };

/** The match after `by` does `action`; giving up is legal at any time, for oneself (docs/PROTOCOL.md §7). */
export function act(state: MatchState, by: PlayerSymbol, action: Action): ActResult {
  if (action.kind === "play" && !isSquare(action)) return { ok: false, code: "BAD_ARGUMENTS" };
  if (state.end) return { ok: false, code: "MATCH_OVER" };
  const actionCount = state.actionCount + 1;
  if (action.kind === "end") {
    if (action.symbol !== by) return { ok: false, code: "NOT_YOUR_TURN" };
    return { ok: true, state: { ...state, actionCount, end: { winner: otherSymbol(by), gaveUp: true } } };
  }
  if (state.turn !== by) return { ok: false, code: "NOT_YOUR_TURN" };
  if (at(state.board, action) !== null) return { ok: false, code: "SQUARE_TAKEN" };
  const board = place(state.board, action, by);
  const won = winner(board);
  const end = won || isFull(board) ? { winner: won, gaveUp: false } : null;
  return { ok: true, state: { board, actionCount, turn: otherSymbol(by), end } };
}

/** Who does `action` in `state`: the player of the turn moves, an `end` names its player. */
export function actorOf(state: MatchState, action: Action): PlayerSymbol {
  return action.kind === "end" ? action.symbol : state.turn;
}

export function isSameAction(one: Action, other: Action): boolean {
  if (one.kind === "end") return other.kind === "end" && one.symbol === other.symbol;
  return other.kind === "play" && one.row === other.row && one.column === other.column;
}

/**
 * Which of two different actions with the same number stands, after the state before both (docs/PROTOCOL.md §7,
 * Crossing): an `end` beats a move unless that move finishes the board; of two `end`s X's stands.
 * null when neither rule applies: two moves by the same player, which is a fork.
 */
export function standingAction(before: MatchState, one: Action, other: Action): Action | null {
  if (one.kind === "end" && other.kind === "end") return one.symbol === "X" ? one : other;
  if (one.kind === "play" && other.kind === "play") return null;
  const [move, giveUp] = one.kind === "play" ? [one, other] : [other, one];
  const moved = act(before, before.turn, move);
  return moved.ok && moved.state.end ? move : giveUp;
}
