// A control connection as the lobby needs it: where a player is reached, logged in and out.
import type { ControlFromServer } from "../../protocol/messages.ts";
import type { Player } from "../directory/player.ts";

/** Why a server ends a client's connections, as it reports it to the client. */
export type DisconnectReason = "NO_HEARTBEAT" | "REPLACED" | "SHUTDOWN" | "ENDED";

export interface PlayerConnection {
  readonly id: string;
  readonly address: string;
  readonly serverAddress: string;
  readonly isOpen: boolean;
  readonly hasHeartbeat: boolean;
  /** Who is logged in. Only the lobby's desk logs a player in or out. */
  readonly player: Player | null;
  logIn(player: Player, token: string): void;
  logOut(): void;
  send(message: ControlFromServer): void;
  refuse(request: string, refusal: { code: string; seconds?: number | undefined }): void;
  disconnect(reason: DisconnectReason): void;
}

export interface PlayerConnections {
  byId(connectionId: string): PlayerConnection | undefined;
}
