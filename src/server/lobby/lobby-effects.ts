// What the lobby wants done: it decides, and lobby-desk.ts does.

import type { ErrorCode } from "../../protocol/errors.ts";
import type { ControlFromServer } from "../../protocol/messages.ts";

/** A logged-in user on one control connection. The same user on a newer connection is another player object. */
export interface Player {
  /** As registered. */
  readonly user: string;
  readonly connectionId: string;
  /** The key of this session's matches; without one there are none. */
  readonly publicKey: string | undefined;
  /** Both ends of the control connection. */
  readonly address: string;
  readonly serverAddress: string;
}

interface Seat {
  readonly user: string;
  readonly connectionId: string;
  readonly publicKey: string;
}

export type Effect =
  | { kind: "tell"; to: Player; message: ControlFromServer }
  | { kind: "refuse"; to: Player; request: string; code: ErrorCode; seconds?: number }
  /** The user came again on another connection: this one is to go. */
  | { kind: "replace"; player: Player }
  /** One timer an invitation; arming it again moves it. When it fires: Lobby.timeIsUp. */
  | { kind: "armTimer"; invitationId: number; afterMs: number }
  | { kind: "disarmTimer"; invitationId: number }
  /** Put the match on disk and sign its ticket, then Lobby.matchStarted or Lobby.matchFailed. */
  | { kind: "startMatch"; invitationId: number; inviter: Seat; invitee: Seat };

export function tell(to: Player, message: ControlFromServer): Effect {
  return { kind: "tell", to, message };
}

export function refuse(to: Player, request: string, code: ErrorCode, seconds?: number): Effect {
  return { kind: "refuse", to, request, code, ...(seconds === undefined ? {} : { seconds }) };
}
