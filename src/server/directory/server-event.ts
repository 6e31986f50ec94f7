// What servers send each other. The invitee's server decides on an invitation; the inviter's server passes on what its
// player asks and what comes back. Servers may differ in version: unknown kinds are ignored.
import type { PlayerSymbol } from "../../game/board.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { Listening } from "../../protocol/fields.ts";
import type { ControlFromServer } from "../../protocol/messages.ts";
import type { Settled } from "../results/settled.ts";
import type { Player } from "./player.ts";

/** Why a player may not invite anybody now. */
export interface Objection {
  readonly code: "IN_MATCH" | "INVITE_PENDING" | "TRY_LATER";
  readonly seconds?: number;
  /** The match that the player is in, when this connection did not get its ticket. */
  readonly matchId?: string | undefined;
}

/** What an invitee's server replies to an inviter. */
export type Reply =
  | { kind: "tell"; message: ControlFromServer }
  | { kind: "refuse"; request: string; code: ErrorCode; seconds?: number | undefined };

export type ServerEvent =
  /** `invitationId` is the number at the inviter's server, here and below; `objection` was found there. */
  | {
      kind: "begin";
      invitationId: number;
      inviter: Player;
      invitee: string;
      objection: Objection | null;
      /** Absent when the inviter does not listen. */
      listening?: Listening | undefined;
    }
  | { kind: "cancel"; invitationId: number; inviter: Player; invitee: string }
  | { kind: "inviterLeft"; invitationId: number; inviter: Player }
  | { kind: "reply"; invitationId: number; user: string; connectionId: string; reply: Reply }
  /** The two connections that get the ticket; a player on another connection has to ask for the match. */
  | { kind: "matchStarted"; ticket: string; connectionIds: string[] }
  | { kind: "matchAbandoned"; matchId: string; by: PlayerSymbol }
  | { kind: "matchSettled"; settled: Settled }
  /** An operator ended the user's session. */
  | { kind: "dismiss"; user: string };
