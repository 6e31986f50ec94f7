// The effects that the lobby decides on; lobby-desk.ts carries them out.

import type { ErrorCode } from "../../protocol/errors.ts";
import type { Listening, PeerEndpoints } from "../../protocol/fields.ts";
import type { ControlFromServer } from "../../protocol/messages.ts";
import type { Player } from "../directory/player.ts";
import type { Objection } from "../directory/server-event.ts";

interface Seat {
  readonly user: string;
  readonly connectionId: string;
  readonly publicKey: string;
}

export type Effect =
  | { kind: "tell"; to: Player; message: ControlFromServer }
  | { kind: "refuse"; to: Player; request: string; code: ErrorCode; seconds?: number | undefined }
  /** The user logged in on another connection: this one is disconnected. */
  | { kind: "replace"; player: Player }
  /** One timer an invitation; arming it again moves it. When it fires: Lobby.timeIsUp. */
  | { kind: "armTimer"; invitationId: number; afterMs: number }
  | { kind: "disarmTimer"; invitationId: number }
  /** To the server where the invitee is, then Lobby.delivered or Lobby.undelivered. */
  | {
      kind: "invite";
      invitationId: number;
      inviter: Player;
      invitee: string;
      objection: Objection | null;
      listening: Listening | undefined;
    }
  /** To the server that decides on the invitation; the answer to `cancel` comes back from there. */
  | { kind: "pass"; request: "cancel" | "inviterLeft"; server: string; invitation: PassedInvitation }
  /** Store the match and sign its ticket, then Lobby.matchStarted or Lobby.matchFailed. */
  | { kind: "startMatch"; invitationId: number; inviter: Seat; invitee: Seat; hasDisputes: boolean }
  /** The invitee answers an invitation that may have become this match: then Lobby.ticketFound. */
  | { kind: "findTicket"; matchId: string; invitee: Player; inviterName: string; endpoints: PeerEndpoints }
  /** The player gets the ticket of the match other than at its start. */
  | { kind: "attend"; player: Player; ticket: string };

export interface PassedInvitation {
  readonly invitationId: number;
  readonly inviter: Player;
  readonly invitee: string;
}

export function tell(to: Player, message: ControlFromServer): Effect {
  return { kind: "tell", to, message };
}

export function refuse(to: Player, request: string, code: ErrorCode, seconds?: number): Effect {
  return { kind: "refuse", to, request, code, seconds };
}

export function declined(invitee: string, reason: string): ControlFromServer {
  return { name: "answer", user: invitee, accepted: false, details: [reason] };
}

export function cancelled(inviter: Player, reason: string): ControlFromServer {
  return { name: "cancel", user: inviter.user, reason };
}

/** Whether a match of the two is one with disputes, as a block says it. */
export function bothKnowDisputes(one: Player, other: Player): true | undefined {
  return (one.knowsDisputes && other.knowsDisputes) || undefined;
}
