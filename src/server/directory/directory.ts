// Who is connected, on whichever server of the game, and the way from one server to another. In one process's memory
// by default; in Redis for a game of several servers. It stores and answers, and decides nothing about the game.

import type { Whereabouts } from "../results/matches-elsewhere.ts";
import type { Player } from "./player.ts";
import type { ServerEvent } from "./server-event.ts";

/** Updated by the lobby with the users who are connected to this server. */
export interface Presence {
  /** The player is here, free or playing. The same user on another server is replaced there. */
  present(player: Player, isPlaying: boolean): void;
  absent(player: Player): void;
}

export interface ServerCount {
  /** Its name among the servers of the game; empty for a single server. */
  readonly server: string;
  readonly users: number;
  readonly isThis: boolean;
}

export interface DirectoryListener {
  onEvent(event: ServerEvent, from: string): void;
  /** The user of that connection came later to another server. */
  onReplaced(connectionId: string): void;
  /** That server can no longer be reached. */
  onServerGone(server: string): void;
  /** The connection was interrupted: messages to this server may be lost. */
  onGap(): void;
}

export interface Directory extends Presence {
  /** Makes this server one of the game's servers; from now on it receives events. */
  join(listener: DirectoryListener): void | Promise<void>;
  /** The player plays that match on this connection: it got the ticket or sent `playing`. */
  attends(player: Player, matchId: string): void;
  /** Resolves when all servers can find the player, or when that is impossible for now. */
  announced(player: Player): void | Promise<void>;
  /** The `listACK` line with at most 1,000 users from `offset` on, by name. */
  page(offset: number): string | Promise<string>;
  /** All running servers, by name, with their users logged in; only this one while the others cannot be reached. */
  servers(): Promise<ServerCount[]>;
  /** null when it is unknown for now. */
  whereabouts(user: string): Promise<Whereabouts | null>;
  /** To the user's server; resolves to that server if it received the event, else to null. */
  sendToUser(user: string, event: ServerEvent): Promise<string | null>;
  /** Resolves to whether the server received it. */
  sendToServer(server: string, event: ServerEvent): Promise<boolean>;
  /** To all others. */
  sendToAll(event: ServerEvent): void;
  /** Leaves the game: this server has no users any more. */
  close(): Promise<void>;
}
