// What one server tells another. An invitation is decided by the invitee's server; the inviter's passes on what its
// player asks and what comes back. Servers share a version only roughly: unknown kinds are ignored.
import type { PlayerSymbol } from "../../game/board.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import type { ControlFromServer } from "../../protocol/messages.ts";
import type { Settled } from "../results/settled.ts";
import type { Player } from "./player.ts";

/** Why a player may not invite anybody now. */
export interface Objection {
  readonly code: "IN_MATCH" | "INVITE_PENDING" | "TRY_LATER";
  readonly seconds?: number;
  /** The match that the player is in without having had its ticket, as far as the server knows. */
  readonly matchId?: string | undefined;
}

/** What an invitee's server has to say to an inviter. */
export type Reply =
  | { kind: "tell"; message: ControlFromServer }
  | { kind: "refuse"; request: string; code: ErrorCode; seconds?: number | undefined };

export type ServerEvent =
  /** `invitationId` is the inviter's server's, as in all that follow; `objection`: what stands against it there. */
  | { kind: "begin"; invitationId: number; inviter: Player; invitee: string; objection: Objection | null }
  | { kind: "cancel"; invitationId: number; inviter: Player; invitee: string }
  | { kind: "inviterLeft"; invitationId: number; inviter: Player }
  | { kind: "reply"; invitationId: number; user: string; connectionId: string; reply: Reply }
  /** The two connections that hear of the ticket; whoever comes on another has to ask for the match. */
  | { kind: "matchStarted"; ticket: string; connectionIds: string[] }
  | { kind: "matchAbandoned"; matchId: string; by: PlayerSymbol }
  | { kind: "matchSettled"; settled: Settled };
