// The directory in the memory of one process. A single server has a meeting place of its own; several servers in one
// process, in tests, share one.
import { userKey } from "../../game/user-name.ts";
import type { Whereabouts } from "../results/matches-elsewhere.ts";
import type { Directory, DirectoryListener, ServerCount } from "./directory.ts";
import type { Player } from "./player.ts";
import { Roster } from "./roster.ts";
import type { ServerEvent } from "./server-event.ts";

/** How many users' time of leaving is remembered. */
const MAX_REMEMBERED = 10_000;

interface Entry {
  readonly player: Player;
  readonly server: string;
  attends: string | null;
}

export class MeetingPlace {
  readonly roster = new Roster();
  readonly entries = new Map<string, Entry>();
  readonly servers = new Map<string, DirectoryListener>();
  readonly leftAtMs = new Map<string, number>();
  readonly nowMs: () => number;
  readonly madeAtMs: number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
    this.madeAtMs = nowMs();
  }

  /** The server disappeared without leaving. */
  lose(server: string): void {
    this.servers.delete(server);
    for (const { server: at, player } of this.entries.values()) if (at === server) this.remove(player);
    for (const listener of this.servers.values()) listener.onServerGone(server);
  }

  remove({ user }: Player): void {
    const key = userKey(user);
    this.entries.delete(key);
    this.roster.remove(user);
    this.leftAtMs.delete(key);
    this.leftAtMs.set(key, this.nowMs());
    if (this.leftAtMs.size > MAX_REMEMBERED)
      this.leftAtMs.delete(this.leftAtMs.keys().next().value as string);
  }
}

export class MemoryDirectory implements Directory {
  readonly #place: MeetingPlace;
  readonly #server: string;

  constructor(place = new MeetingPlace(Date.now), server = "") {
    this.#place = place;
    this.#server = server;
  }

  join(listener: DirectoryListener): void {
    this.#place.servers.set(this.#server, listener);
  }

  present(player: Player, isPlaying: boolean): void {
    const { entries, roster, servers } = this.#place;
    const older = this.#place.entries.get(userKey(player.user));
    if (older?.player.connectionId !== player.connectionId)
      entries.set(userKey(player.user), { player, server: this.#server, attends: null });
    roster.set(player.user, isPlaying);
    if (older && older.server !== this.#server)
      servers.get(older.server)?.onReplaced(older.player.connectionId);
  }

  absent(player: Player): void {
    if (this.#entryOf(player)) this.#place.remove(player);
  }

  attends(player: Player, matchId: string): void {
    const entry = this.#entryOf(player);
    if (entry) entry.attends = matchId;
  }

  announced(): void {}

  page(offset: number): string {
    return this.#place.roster.line(offset);
  }

  async servers(): Promise<ServerCount[]> {
    const { entries, servers } = this.#place;
    const present = [...entries.values()];
    return [...servers.keys()].sort().map((server) => ({
      server,
      users: present.filter((entry) => entry.server === server).length,
      isThis: server === this.#server,
    }));
  }

  async whereabouts(user: string): Promise<Whereabouts> {
    const { entries, leftAtMs, madeAtMs, nowMs } = this.#place;
    const entry = entries.get(userKey(user));
    if (entry) return { seenMsAgo: 0, attends: entry.attends };
    return { seenMsAgo: nowMs() - (leftAtMs.get(userKey(user)) ?? madeAtMs), attends: null };
  }

  async sendToUser(user: string, event: ServerEvent): Promise<string | null> {
    const server = this.#place.entries.get(userKey(user))?.server;
    return server !== undefined && (await this.sendToServer(server, event)) ? server : null;
  }

  async sendToServer(server: string, event: ServerEvent): Promise<boolean> {
    const listener = this.#place.servers.get(server);
    listener?.onEvent(structuredClone(event), this.#server);
    return listener !== undefined;
  }

  sendToAll(event: ServerEvent): void {
    for (const server of this.#place.servers.keys())
      if (server !== this.#server) void this.sendToServer(server, event);
  }

  async close(): Promise<void> {
    this.#place.lose(this.#server);
  }

  #entryOf({ user, connectionId }: Player): Entry | null {
    const entry = this.#place.entries.get(userKey(user));
    return entry?.player.connectionId === connectionId ? entry : null;
  }
}
