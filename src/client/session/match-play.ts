// One player's side of a match: own actions, receiving the opponent's actions, crossing (docs/PROTOCOL.md §7). Pure.
import type { PlayerSymbol } from "../../game/board.ts";
import { type Action, actorOf, type IllegalAction, isSameAction, standingAction } from "../../game/match.ts";
import type { Signer, Verify } from "../../game/signature.ts";
import { openTicket, opponentOf, playerOf, symbolOf } from "../../game/ticket.ts";
import {
  appendAction,
  newTranscript,
  type SignedAction,
  signAction,
  type Transcript,
  type TranscriptError,
  truncate,
} from "../../game/transcript.ts";
import type { Claim } from "../../protocol/fields.ts";
import type { PlayMessage } from "./event.ts";

export interface Match {
  readonly self: string;
  readonly symbol: PlayerSymbol;
  readonly opponent: { readonly user: string; readonly publicKey: string };
  readonly signer: Signer;
  readonly transcript: Transcript;
  /** An action of the opponent crossed and was dropped; whatever follows it is dropped too. */
  readonly hasDropped: boolean;
}

type ActionMessage = Extract<PlayMessage, { name: "play" | "end" }>;

/** The match that a ticket is for, or null when the ticket is not the server's, or not for this player and key. */
export function openMatch(
  ticketText: string,
  ticketKey: string,
  self: string,
  signer: Signer,
  verify: Verify,
): Match | null {
  const ticket = openTicket(ticketText, ticketKey, verify);
  const symbol = ticket && symbolOf(ticket, self);
  if (!ticket || !symbol || playerOf(ticket, symbol).publicKey !== signer.publicKey) return null;
  const opponent = opponentOf(ticket, symbol);
  return { self, symbol, opponent, signer, transcript: newTranscript(ticketText, ticket), hasDropped: false };
}

export type SignedOwnAction =
  | { ok: true; match: Match; message: ActionMessage }
  | { ok: false; code: IllegalAction };

/** The match after an action of this player, and what the opponent is to be sent. */
export function signOwnAction(match: Match, action: Action): SignedOwnAction {
  const signed = signAction(match.transcript, match.symbol, action, match.signer);
  if (!signed.ok) {
    if (signed.code === "BAD_SIGNATURE") throw new Error("an own action was not signed");
    return { ok: false, code: signed.code };
  }
  const { actions } = signed.transcript;
  const message = messageOf(actions.at(-1) as SignedAction, actions.length);
  return { ok: true, match: { ...match, transcript: signed.transcript }, message };
}

export type Received =
  | { kind: "added"; match: Match; action: SignedAction; by: PlayerSymbol }
  | { kind: "ignored"; match: Match }
  | { kind: "refused"; code: TranscriptError };

/** The opponent sent an action. */
export function receiveAction(match: Match, message: ActionMessage, verify: Verify): Received {
  const { transcript, symbol } = match;
  const action = actionOf(message);
  const held = transcript.actions[message.n - 1];
  if (held) return receiveAgain(match, message.n, held, action, verify);
  if (match.hasDropped) return { kind: "ignored", match };
  if (message.n !== transcript.actions.length + 1) return { kind: "refused", code: "BAD_ARGUMENTS" };
  const by = actorOf(transcript.state, action);
  const from = symbol === "X" ? "O" : "X";
  const appended = appendAction(transcript, action, verify, from);
  if (!appended.ok) return { kind: "refused", code: appended.code };
  return { kind: "added", match: { ...match, transcript: appended.transcript }, action, by };
}

/** Number `n` is held already: the same again, or a move and an `end` that crossed. */
function receiveAgain(
  match: Match,
  n: number,
  held: SignedAction,
  action: SignedAction,
  verify: Verify,
): Received {
  if (isSameAction(held, action) && held.signature === action.signature) return { kind: "ignored", match };
  const before = truncate(match.transcript, n - 1);
  const by = actorOf(before.state, action);
  const standing = by === actorOf(before.state, held) ? null : standingAction(before.state, held, action);
  const appended = standing && appendAction(before, action, verify);
  if (!appended?.ok) return { kind: "refused", code: "BAD_ARGUMENTS" };
  if (standing === held) return { kind: "ignored", match: { ...match, hasDropped: true } };
  return { kind: "added", match: { ...match, transcript: appended.transcript }, action, by };
}

/** What the opponent, who holds `heldCount` actions, is missing. */
export function missingMessages(match: Match, heldCount: number): ActionMessage[] {
  const { actions } = match.transcript;
  return actions
    .map((action, index) => messageOf(action, index + 1))
    .filter((message) => message.n > heldCount);
}

/** What this player reports; a match that has not ended is abandoned. */
export function claimOf({ transcript, symbol }: Match): Claim {
  const { end } = transcript.state;
  if (!end) return "ABANDONED";
  if (end.winner === null) return "DRAW";
  return end.winner === symbol ? "WIN" : "LOST";
}

export function matchIdOf(match: Match): string {
  return match.transcript.ticket.matchId;
}

function messageOf(action: SignedAction, n: number): ActionMessage {
  const { kind, ...rest } = action;
  return { name: kind, ...rest, n } as ActionMessage;
}

function actionOf(message: ActionMessage): SignedAction {
  return message.name === "end"
    ? { kind: "end", symbol: message.symbol, signature: message.signature }
    : { kind: "play", row: message.row, column: message.column, signature: message.signature };
}
