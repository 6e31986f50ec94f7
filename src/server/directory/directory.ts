// Who is connected, on whichever server of the game, and the way from one server to another. In one process's memory
// by default; in Redis for a game of several servers. It is told and asked, and decides nothing of the game.

import type { Whereabouts } from "../results/matches-elsewhere.ts";
import type { Player } from "./player.ts";
import type { ServerEvent } from "./server-event.ts";

/** What the lobby tells of the users who are connected to this server. */
export interface Presence {
  /** The player is here, free or playing. Who is the same user on another server is replaced there. */
  present(player: Player, isPlaying: boolean): void;
  absent(player: Player): void;
}

export interface ServerCount {
  /** Its name among the servers of the game; empty for one that is alone. */
  readonly server: string;
  readonly users: number;
  readonly isThis: boolean;
}

export interface DirectoryListener {
  onEvent(event: ServerEvent, from: string): void;
  /** The user of that connection came later to another server. */
  onReplaced(connectionId: string): void;
  /** Nothing comes from that server any more, nor reaches it. */
  onServerGone(server: string): void;
  /** For a while nobody could be reached: what was sent to this server may be lost. */
  onGap(): void;
}

export interface Directory extends Presence {
  /** From now on this server is one of the game's, and hears the others. */
  join(listener: DirectoryListener): void | Promise<void>;
  /** From here on the player plays that match: since its ticket came, or `playing`. */
  attends(player: Player, matchId: string): void;
  /** Resolves once everybody can find the player, or when that cannot be for now. */
  announced(player: Player): void | Promise<void>;
  /** The `listACK` line with at most 1,000 users from `offset` on, by name. */
  page(offset: number): string | Promise<string>;
  /** All servers that are there, by name, and how many users are logged in at each; this one alone while it is by itself. */
  servers(): Promise<ServerCount[]>;
  /** null when it cannot be told for now. */
  whereabouts(user: string): Promise<Whereabouts | null>;
  /** To the server where the user is: which one that heard it, or null. */
  sendToUser(user: string, event: ServerEvent): Promise<string | null>;
  /** Whether it heard it. */
  sendToServer(server: string, event: ServerEvent): Promise<boolean>;
  /** To all others. */
  sendToAll(event: ServerEvent): void;
  /** Says goodbye: nobody is here any more. */
  close(): Promise<void>;
}
