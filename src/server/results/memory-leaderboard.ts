// Every user's points in order, in this process's memory, and the answers to `leaders` ready to send.
import { userKey } from "../../game/user-name.ts";
import { formatMessage } from "../../protocol/codec.ts";
import { PAGE_LENGTH } from "../../protocol/fields.ts";
import { controlFromServer } from "../../protocol/messages.ts";
import { positionOf } from "../sorted-by-key.ts";
import type { UserPoints } from "../store/store.ts";
import type { Leaderboard } from "./leaderboard.ts";

const MAX_CACHED_PAGES = 32;

interface Entry {
  readonly user: string;
  readonly key: string;
  points: number;
}

export class MemoryLeaderboard implements Leaderboard {
  readonly #entries = new Map<string, Entry>();
  /** Users with the same points, by name. */
  readonly #ranks = new Map<number, Entry[]>();
  readonly #pages = new Map<number, string>();
  readonly #readScores: (() => Promise<Iterable<UserPoints>>) | null;
  #hasMissed = false;
  #additions = 0;

  /** `scores` as the store gives them: by name; `readScores` gives them anew, if they can have changed. */
  constructor(scores: Iterable<UserPoints>, readScores?: () => Promise<Iterable<UserPoints>>) {
    this.#readScores = readScores ?? null;
    this.#fill(scores);
  }

  page(offset: number): string | Promise<string> {
    return this.#hasMissed ? this.#makeAnew().then(() => this.#page(offset)) : this.#page(offset);
  }

  mayHaveMissed(): void {
    this.#hasMissed = this.#readScores !== null;
  }

  #page(offset: number): string {
    const cached = this.#pages.get(offset);
    if (cached !== undefined) return cached;
    const page = formatMessage(controlFromServer, { name: "leadersACK", scores: this.#slice(offset) });
    if (this.#pages.size >= MAX_CACHED_PAGES) this.#pages.clear();
    this.#pages.set(offset, page);
    return page;
  }

  pointsOf(user: string): number {
    return this.#entries.get(userKey(user))?.points ?? 0;
  }

  add(user: string, points: number): void {
    this.#additions += 1;
    const known = this.#entries.get(userKey(user));
    if (known && points === 0) return;
    // A deleted user: their matches can still change.
    if (!known && points !== 0 && this.#readScores) {
      this.mayHaveMissed();
      return;
    }
    const entry = known ?? { user, key: userKey(user), points: 0 };
    if (known) this.#leaveRank(known);
    entry.points += points;
    this.#entries.set(entry.key, entry);
    const rank = this.#rank(entry.points);
    rank.splice(positionOf(rank, entry.key), 0, entry);
    this.#pages.clear();
  }

  /** When the store does not answer, or points are added meanwhile, the next request tries again. */
  async #makeAnew(): Promise<void> {
    const additions = this.#additions;
    const scores = await this.#readScores?.().catch(() => null);
    if (!scores || additions !== this.#additions) return;
    this.#hasMissed = false;
    for (const kept of [this.#entries, this.#ranks, this.#pages]) kept.clear();
    this.#fill(scores);
  }

  #fill(scores: Iterable<UserPoints>): void {
    for (const { user, points } of scores) {
      const entry = { user, key: userKey(user), points };
      this.#entries.set(entry.key, entry);
      this.#rank(points).push(entry);
    }
  }

  #leaveRank(entry: Entry): void {
    const rank = this.#rank(entry.points);
    rank.splice(positionOf(rank, entry.key), 1);
    if (rank.length === 0) this.#ranks.delete(entry.points);
  }

  #rank(points: number): Entry[] {
    let rank = this.#ranks.get(points);
    if (!rank) {
      rank = [];
      this.#ranks.set(points, rank);
    }
    return rank;
  }

  #slice(offset: number): Entry[] {
    const slice: Entry[] = [];
    let toSkip = offset;
    for (const points of [...this.#ranks.keys()].sort((one, other) => other - one)) {
      const rank = this.#rank(points);
      slice.push(...rank.slice(toSkip, toSkip + PAGE_LENGTH - slice.length));
      toSkip = Math.max(0, toSkip - rank.length);
      if (slice.length === PAGE_LENGTH) break;
    }
    return slice;
  }
}
