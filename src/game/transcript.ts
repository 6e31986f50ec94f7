// The signed record of a match: a hash chain over its actions, each link signed by the player who acted
// (docs/PROTOCOL.md §7). Whoever holds the ticket and the transcript can check the whole match alone.
import { createHash } from "node:crypto";
import type { PlayerSymbol } from "./board.ts";
import {
  type Action,
  act,
  actorOf,
  type IllegalAction,
  isSameAction,
  type MatchState,
  newMatch,
  standingAction,
} from "./match.ts";
import type { Signer, Verify } from "./signature.ts";
import { playerOf, type Ticket } from "./ticket.ts";

export type SignedAction = Action & { readonly signature: string };

/** A match so far: verified actions, the state they lead to, and the head of the chain. */
export interface Transcript {
  readonly ticketText: string;
  readonly ticket: Ticket;
  readonly actions: readonly SignedAction[];
  readonly state: MatchState;
  readonly chainHead: Uint8Array;
}

export type TranscriptError = IllegalAction | "BAD_SIGNATURE";

export type AppendResult = { ok: true; transcript: Transcript } | { ok: false; code: TranscriptError };

/** `ticket` must be what `openTicket` made of `ticketText`. */
export function newTranscript(ticketText: string, ticket: Ticket): Transcript {
  const chainHead = sha256(Buffer.from(ticketText, "latin1"));
  return { ticketText, ticket, actions: [], state: newMatch, chainHead };
}

/** `by` does `action` and signs it. */
export function signAction(
  transcript: Transcript,
  by: PlayerSymbol,
  action: Action,
  signer: Signer,
): AppendResult {
  const acted = act(transcript.state, by, action);
  if (!acted.ok) return acted;
  const chainHead = nextLink(transcript.chainHead, action);
  const signed = { ...action, signature: signer.sign(chainHead) };
  return { ok: true, transcript: extend(transcript, signed, acted.state, chainHead) };
}

/**
 * Appends an action that someone else signed. `from` is who sent it, when that is known: what only the other
 * player may do is NOT_YOUR_TURN. An action that its own player signed is accepted from whoever sends it.
 */
export function appendAction(
  transcript: Transcript,
  signed: SignedAction,
  verify: Verify,
  from?: PlayerSymbol,
): AppendResult {
  const actor = actorOf(transcript.state, signed);
  const acted = act(transcript.state, actor, signed);
  const isOutOfTurn = from !== undefined && actor !== from;
  if (!acted.ok && !(isOutOfTurn && acted.code === "SQUARE_TAKEN")) return acted;
  const chainHead = nextLink(transcript.chainHead, signed);
  const { publicKey } = playerOf(transcript.ticket, actor);
  const isSigned = acted.ok && verify(publicKey, chainHead, signed.signature);
  if (!acted.ok || !isSigned) return { ok: false, code: isOutOfTurn ? "NOT_YOUR_TURN" : "BAD_SIGNATURE" };
  return { ok: true, transcript: extend(transcript, signed, acted.state, chainHead) };
}

/** Verifies and replays a whole list of actions. */
export function replay(
  ticketText: string,
  ticket: Ticket,
  actions: readonly SignedAction[],
  verify: Verify,
): AppendResult {
  let transcript = newTranscript(ticketText, ticket);
  for (const action of actions) {
    const appended = appendAction(transcript, action, verify);
    if (!appended.ok) return appended;
    transcript = appended.transcript;
  }
  return { ok: true, transcript };
}

/** The transcript cut back to its first `count` actions, which are known to be valid. */
export function truncate(transcript: Transcript, count: number): Transcript {
  let shorter = newTranscript(transcript.ticketText, transcript.ticket);
  for (const action of transcript.actions.slice(0, count)) {
    const acted = act(shorter.state, actorOf(shorter.state, action), action);
    if (!acted.ok) throw new Error(`a verified transcript holds an illegal action: ${acted.code}`);
    shorter = extend(shorter, action, acted.state, nextLink(shorter.chainHead, action));
  }
  return shorter;
}

/** How two verified transcripts of the same match relate. */
export type Comparison =
  | { kind: "extends"; longer: Transcript }
  /** Two players acted at the same time; this one stands. */
  | { kind: "crossed"; standing: Transcript }
  /** One player signed two different actions with the same number. */
  | { kind: "fork"; cheater: PlayerSymbol };

export function compareTranscripts(one: Transcript, other: Transcript): Comparison {
  const shared = Math.min(one.actions.length, other.actions.length);
  for (let index = 0; index < shared; index++) {
    const first = one.actions[index] as SignedAction;
    const second = other.actions[index] as SignedAction;
    if (isSameAction(first, second)) continue;
    const before = truncate(one, index).state;
    const actor = actorOf(before, first);
    if (actor === actorOf(before, second)) return { kind: "fork", cheater: actor };
    return { kind: "crossed", standing: standingAction(before, first, second) === first ? one : other };
  }
  return { kind: "extends", longer: one.actions.length >= other.actions.length ? one : other };
}

function nextLink(head: Uint8Array, action: Action): Uint8Array {
  return sha256(head, Buffer.from(actionText(action), "latin1"));
}

function actionText(action: Action): string {
  return action.kind === "play" ? `play;${action.row};${action.column}` : `end;${action.symbol}`;
}

function extend(
  transcript: Transcript,
  action: SignedAction,
  state: MatchState,
  chainHead: Uint8Array,
): Transcript {
  return { ...transcript, actions: [...transcript.actions, action], state, chainHead };
}

function sha256(...parts: Uint8Array[]): Uint8Array {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
