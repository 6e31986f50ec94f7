// Who is connected, on whichever server of the game, and the way from one server to another. In one process's memory
// by default; in Redis for a game of several servers. It is asked and told by the desk, and decides nothing.
import type { Player } from "../lobby/lobby-effects.ts";

/** What the lobby tells of the users who are connected to this server. */
export interface Presence {
  /** The player is here, free or playing. */
  present(player: Player, isPlaying: boolean): void;
  absent(player: Player): void;
}

export interface Directory extends Presence {
  /** The `listACK` line with at most 1,000 users from `offset` on, by name. */
  page(offset: number): string | Promise<string>;
}
