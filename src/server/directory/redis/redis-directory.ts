// The directory in Redis. Everything in it can be rebuilt, because each server announces its users again after its lease
// has expired. While Redis does not answer, a server knows only its own users.
import { userKey } from "../../../game/user-name.ts";
import { PAGE_LENGTH } from "../../../protocol/fields.ts";
import type { Whereabouts } from "../../results/matches-elsewhere.ts";
import type { Directory, DirectoryListener, ServerCount } from "../directory.ts";
import type { Player } from "../player.ts";
import { Roster } from "../roster.ts";
import type { ServerEvent } from "../server-event.ts";
import type { RedisLink } from "./redis-link.ts";

const ALL = "velha:all";
/** Events about matches; servers that miss older ones find the matches in the store. */
const MAX_UNSENT = 10_000;
const CLAIM_ANEW = "0";

export interface RedisDirectoryOptions {
  /** Unique among all servers, and among the runs of this one. */
  server: string;
  leaseMs: number;
  renewMs: number;
  /** How long to know when somebody was last connected. */
  rememberMs: number;
  nowMs(): number;
}

/** A user who is connected to this server, as Redis should know it. */
interface Here {
  readonly player: Player;
  isPlaying: boolean;
  attends: string;
  fence: string;
  /** Since the last announcement something has changed. */
  isStale: boolean;
  underWay: Promise<void> | null;
  readonly sinceMs: number;
}

export class RedisDirectory implements Directory {
  readonly #link: RedisLink;
  readonly #options: RedisDirectoryOptions;
  readonly #here = new Map<string, Here>();
  /** Events to all servers that wait until Redis answers. */
  readonly #unsent: string[] = [];
  /** User → connection that left, until Redis has been told. */
  readonly #departures = new Map<string, string>();
  /** What `list` shows while Redis does not answer. */
  readonly #roster = new Roster();
  #listener: DirectoryListener | null = null;
  #alive = new Set<string>();
  #wasAway = false;
  #renewal: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(link: RedisLink, options: RedisDirectoryOptions) {
    this.#link = link;
    this.#options = options;
  }

  async join(listener: DirectoryListener): Promise<void> {
    this.#listener = listener;
    const { server } = this.#options;
    await this.#link.listen(
      [`velha:to:${server}`, ALL],
      (message, channel) => this.#receive(message, channel),
      () => listener.onGap(),
    );
    await this.#renew();
  }

  present(player: Player, isPlaying: boolean): void {
    const key = userKey(player.user);
    const known = this.#here.get(key);
    this.#roster.set(player.user, isPlaying);
    if (known?.player === player) {
      if (known.isPlaying === isPlaying) return;
      known.isPlaying = isPlaying;
    } else this.#here.set(key, this.#newcomer(player, isPlaying));
    this.#announce(key);
  }

  absent(player: Player): void {
    const key = userKey(player.user);
    if (this.#here.get(key)?.player !== player) return;
    this.#here.delete(key);
    this.#roster.remove(player.user);
    this.#departures.set(key, player.connectionId);
    void this.#release(key, player.connectionId);
  }

  attends(player: Player, matchId: string): void {
    const key = userKey(player.user);
    const here = this.#here.get(key);
    if (here?.player !== player || here.attends === matchId) return;
    here.attends = matchId;
    this.#announce(key);
  }

  announced(player: Player): void | Promise<void> {
    return this.#here.get(userKey(player.user))?.underWay ?? undefined;
  }

  page(offset: number): string | Promise<string> {
    if (!this.#link.isThere) return this.#roster.line(offset);
    return this.#pageFromRedis(offset);
  }

  async servers(): Promise<ServerCount[]> {
    const own = this.#options.server;
    const found = (await this.#link.run((redis) => redis.servers())) ?? [own, String(this.#here.size)];
    const counts = Array.from({ length: found.length / 2 }, (_, index) => {
      const [server, users] = found.slice(2 * index) as [string, string];
      return { server, users: Number(users), isThis: server === own };
    });
    return counts.sort((one, other) => (one.server < other.server ? -1 : 1));
  }

  async whereabouts(user: string): Promise<Whereabouts | null> {
    const found = await this.#link.run((redis) => redis.whereabouts(userKey(user)));
    return found && { seenMsAgo: Number(found[0]), attends: found[1] || null };
  }

  async sendToUser(user: string, event: ServerEvent): Promise<string | null> {
    const message = this.#written(event);
    return (await this.#link.run((redis) => redis.sendToUser(userKey(user), message))) || null;
  }

  async sendToServer(server: string, event: ServerEvent): Promise<boolean> {
    const message = this.#written(event);
    return ((await this.#link.run((redis) => redis.publish(`velha:to:${server}`, message))) ?? 0) > 0;
  }

  sendToAll(event: ServerEvent): void {
    void this.#publishToAll(this.#written(event));
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#renewal);
    await this.#link.run((redis) => redis.depart(this.#options.server));
    this.#link.close();
  }

  async #release(key: string, connectionId: string): Promise<void> {
    const released = await this.#link.run((redis) => redis.release(this.#options.server, key, connectionId));
    if (released === null) this.#wasAway = true;
    else if (this.#departures.get(key) === connectionId) this.#departures.delete(key);
  }

  async #publishToAll(message: string): Promise<void> {
    const heard = await this.#link.run((redis) => redis.publish(ALL, message));
    if (heard !== null) return;
    this.#wasAway = true;
    this.#unsent.push(message);
    if (this.#unsent.length > MAX_UNSENT) this.#unsent.shift();
  }

  #newcomer(player: Player, isPlaying: boolean): Here {
    const sinceMs = this.#options.nowMs();
    return { player, isPlaying, attends: "", fence: CLAIM_ANEW, isStale: false, underWay: null, sinceMs };
  }

  /** One announcement of a user runs at a time; changes meanwhile cause one more. */
  #announce(key: string): void {
    const here = this.#here.get(key);
    if (!here) return;
    here.isStale = true;
    here.underWay ??= this.#announceUntilCurrent(key, here).finally(() => {
      here.underWay = null;
    });
  }

  async #announceUntilCurrent(key: string, here: Here): Promise<void> {
    // Several changes in one turn are announced together.
    await null;
    while (here.isStale && this.#here.get(key) === here) {
      here.isStale = false;
      const { player, isPlaying, attends } = here;
      const state = isPlaying ? "playing" : "free";
      const { server } = this.#options;
      const fence = await this.#link.run((redis) =>
        redis.claim(server, key, player.user, player.connectionId, state, attends, here.fence),
      );
      if (fence === "0") this.#listener?.onReplaced(player.connectionId);
      else if (fence !== null) here.fence = fence;
      else {
        this.#wasAway = true;
        // For when Redis is back: logins elsewhere from now on are later than this one.
        if (here.fence === CLAIM_ANEW) here.fence = String(here.sinceMs * 1_000);
      }
    }
  }

  async #pageFromRedis(offset: number): Promise<string> {
    const last = offset + PAGE_LENGTH - 1;
    const shown = await this.#link.run((redis) => redis.zRange("velha:names", offset, last));
    if (!shown) return this.#roster.line(offset);
    return ["listACK", ...shown.map((entry) => entry.slice(entry.indexOf(" ") + 1))].join(";");
  }

  async #renew(): Promise<void> {
    const { server, leaseMs, rememberMs, renewMs } = this.#options;
    const renew = () =>
      this.#link.run((redis) => redis.renew(server, String(leaseMs), String(rememberMs)), { isProbe: true });
    let renewed = await renew();
    if (renewed) await this.#comeBackIfLost(renewed[0] === "lost");
    else this.#wasAway = true;
    while (renewed?.[1] === "more") renewed = await renew();
    if (renewed) this.#reportLostServers(renewed.slice(2));
    if (!this.#isClosed) this.#renewal = setTimeout(() => void this.#renew(), renewMs);
  }

  async #comeBackIfLost(isLeaseLost: boolean): Promise<void> {
    if (!isLeaseLost && !this.#wasAway) return;
    const isFirst = this.#alive.size === 0 && !this.#wasAway;
    this.#wasAway = false;
    for (const message of this.#unsent.splice(0)) void this.#publishToAll(message);
    for (const [key, connectionId] of this.#departures) void this.#release(key, connectionId);
    for (const key of this.#here.keys()) this.#announce(key);
    await Promise.all([...this.#here.values()].map(({ underWay }) => underWay));
    if (!isFirst) this.#listener?.onGap();
  }

  #reportLostServers(alive: string[]): void {
    const before = this.#alive;
    this.#alive = new Set(alive);
    for (const server of before) if (!this.#alive.has(server)) this.#listener?.onServerGone(server);
  }

  #written(event: ServerEvent): string {
    return JSON.stringify({ from: this.#options.server, event });
  }

  #receive(text: string, channel: string): void {
    const message = JSON.parse(text) as { from: string; event: ServerEvent } | { replaced: string };
    if ("replaced" in message) this.#listener?.onReplaced(message.replaced);
    else if (channel !== ALL || message.from !== this.#options.server)
      this.#listener?.onEvent(message.event, message.from);
  }
}
