// The leaderboard as a sorted set in Redis: a cache for all servers, made from the store when it is missing. It expires
// soon, and is deleted when a server dies, because that server may have died between the store and Redis.
import { userKey } from "../../../game/user-name.ts";
import { formatMessage } from "../../../protocol/codec.ts";
import { PAGE_LENGTH } from "../../../protocol/fields.ts";
import { controlFromServer } from "../../../protocol/messages.ts";
import type { Leaderboard } from "../../results/leaderboard.ts";
import { MemoryLeaderboard } from "../../results/memory-leaderboard.ts";
import type { Store, UserPoints } from "../../store/store.ts";
import type { RedisLink } from "./redis-link.ts";

const LIFE_SECONDS = 600;
/** When points were added while it was made or just afterwards: they may be missing or counted twice. */
const UNSURE_LIFE_SECONDS = 10;
/** Longer than points can be on their way from the store to Redis. */
const SOON_SECONDS = 3;
const CHUNK = 1_000;
/** How long a leaderboard read from the store is reused while Redis does not answer. */
const FALLBACK_LIFE_MS = 5_000;

export interface RedisLeaderboardOptions {
  link: RedisLink;
  store: Pick<Store, "scores">;
  server: string;
  nowMs(): number;
}

export class RedisLeaderboard implements Leaderboard {
  readonly #options: RedisLeaderboardOptions;
  /** Points were added that Redis does not have. */
  #isBehind = false;
  #making: Promise<void> | null = null;
  #fallback: { leaderboard: MemoryLeaderboard; atMs: number } | null = null;

  constructor(options: RedisLeaderboardOptions) {
    this.#options = options;
    options.link.onBack(() => void this.#catchUp());
  }

  async page(offset: number): Promise<string> {
    const scores = (await this.#read(offset)) ?? (await this.#make().then(() => this.#read(offset)));
    if (!scores) return (await this.#fromStore()).page(offset);
    return formatMessage(controlFromServer, { name: "leadersACK", scores });
  }

  add(user: string, points: number): void {
    const [soon, unsure] = [String(LIFE_SECONDS - SOON_SECONDS), String(UNSURE_LIFE_SECONDS)];
    const added = this.#options.link.run((redis) =>
      redis.addPoints(memberOf(user), String(points), soon, unsure),
    );
    void added.then((answer) => {
      if (answer !== null) return;
      this.#isBehind = true;
      if (this.#options.link.isThere) void this.#catchUp();
    });
  }

  mayHaveMissed(): void {
    this.#isBehind = true;
  }

  /** Deletes the cache; the next request, on any server, makes it again. */
  async #catchUp(): Promise<void> {
    if (this.#isBehind && (await this.#options.link.run((redis) => redis.del("velha:leaders"))) !== null)
      this.#isBehind = false;
  }

  async #read(offset: number): Promise<UserPoints[] | null> {
    const { link } = this.#options;
    await this.#catchUp();
    const found = await link.run((redis) => redis.leaders(String(offset), String(offset + PAGE_LENGTH - 1)));
    if (!found) return null;
    const scores: UserPoints[] = [];
    for (let at = 0; at < found.length; at += 2) {
      const member = found[at] as string;
      scores.push({ user: member.slice(member.indexOf(" ") + 1), points: Math.abs(Number(found[at + 1])) });
    }
    return scores;
  }

  /** Once, for all who ask meanwhile. */
  #make(): Promise<void> {
    this.#making ??= this.#makeAnew().finally(() => {
      this.#making = null;
    });
    return this.#making;
  }

  async #makeAnew(): Promise<void> {
    const { link, server, store } = this.#options;
    if (!link.isThere) return;
    const draft = `velha:leaders:${server}`;
    const additions = await link.run((redis) => redis.startLeaders(draft));
    if (additions === null) return;
    const scores = await store.scores();
    for (let at = 0; at < scores.length; at += CHUNK) {
      const members = scores.slice(at, at + CHUNK).map(({ user, points }) => ({
        score: -points,
        value: memberOf(user),
      }));
      await link.run((redis) => redis.zAdd(draft, members));
    }
    await link.run((redis) =>
      redis.finishLeaders(draft, additions, String(LIFE_SECONDS), String(UNSURE_LIFE_SECONDS)),
    );
  }

  async #fromStore(): Promise<MemoryLeaderboard> {
    const { nowMs, store } = this.#options;
    if (!this.#fallback || this.#fallback.atMs + FALLBACK_LIFE_MS < nowMs())
      this.#fallback = { leaderboard: new MemoryLeaderboard(await store.scores()), atMs: nowMs() };
    return this.#fallback.leaderboard;
  }
}

/** In order of names without regard to case. */
function memberOf(user: string): string {
  return `${userKey(user)} ${user}`;
}
