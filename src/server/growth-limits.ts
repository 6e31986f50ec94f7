// How much users can make the store and log.txt grow: matches and logins per user and hour, new accounts a day. Somebody
// who plays by hand stays far below all of them.
import { userKey } from "../game/user-name.ts";
import type { Clock } from "../shared/clock/clock.ts";
import { networkOf } from "./network-of.ts";

export interface GrowthLimitOptions {
  matchesPerUserAndHour: number;
  /** Those with a password and those with a token. */
  loginsPerUserAndHour: number;
  /** A tenth of them may come from one address. */
  accountsPerDay: number;
}

export const defaultGrowthLimits: GrowthLimitOptions = {
  matchesPerUserAndHour: 1_000,
  loginsPerUserAndHour: 200,
  accountsPerDay: 5_000,
};

const HOUR_MS = 60 * 60 * 1_000;
const ACCOUNTS_IN_ALL = "";

export class GrowthLimits {
  readonly #options: GrowthLimitOptions;
  readonly #matches: WindowCounts;
  readonly #logins: WindowCounts;
  readonly #accounts: WindowCounts;

  constructor(clock: Pick<Clock, "nowMs">, options: Partial<GrowthLimitOptions> = {}) {
    this.#options = { ...defaultGrowthLimits, ...options };
    this.#matches = new WindowCounts(clock, HOUR_MS);
    this.#logins = new WindowCounts(clock, HOUR_MS);
    this.#accounts = new WindowCounts(clock, 24 * HOUR_MS);
  }

  /** Counts a match of both, or returns in how many seconds they may play one; so do the other two. */
  match(inviter: string, invitee: string): number | null {
    const limit = this.#options.matchesPerUserAndHour;
    return this.#matches.count(
      new Map([
        [userKey(inviter), limit],
        [userKey(invitee), limit],
      ]),
    );
  }

  login(user: string): number | null {
    return this.#logins.count(new Map([[userKey(user), this.#options.loginsPerUserAndHour]]));
  }

  account(address: string): number | null {
    const { accountsPerDay } = this.#options;
    return this.#accounts.count(
      new Map([
        [ACCOUNTS_IN_ALL, accountsPerDay],
        [networkOf(address), Math.ceil(accountsPerDay / 10)],
      ]),
    );
  }
}

/**
 * Counts by key in windows of fixed length, one after another. A key takes memory only for what was done with it: users
 * who logged in or played, addresses that added an account.
 */
class WindowCounts {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #windowMs: number;
  #startMs: number;
  readonly #counts = new Map<string, number>();

  constructor(clock: Pick<Clock, "nowMs">, windowMs: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#startMs = clock.nowMs();
  }

  /** Adds one for each key, and returns null; or adds nothing, and returns the seconds until the next window. */
  count(limits: ReadonlyMap<string, number>): number | null {
    const sinceMs = this.#clock.nowMs() - this.#startMs;
    // The clock may have been set back.
    if (sinceMs >= this.#windowMs || sinceMs < 0) {
      this.#startMs = this.#clock.nowMs();
      this.#counts.clear();
    }
    for (const [key, limit] of limits)
      if ((this.#counts.get(key) ?? 0) >= limit)
        return Math.ceil((this.#startMs + this.#windowMs - this.#clock.nowMs()) / 1_000);
    for (const key of limits.keys()) this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    return null;
  }
}
