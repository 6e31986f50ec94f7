// How often passwords may be tried and users added, by address and by account, in bounded memory.
// An account as a whole is never locked: many failures only make each address that failed wait longer between tries.
import { MAX_USER_NAME_LENGTH, userKey } from "../../game/user-name.ts";
import type { Clock } from "../../shared/clock/clock.ts";
import { networkOf } from "../network-of.ts";
import { RecentEvents } from "../recent-events.ts";

export interface AttemptLimitOptions {
  /** Of one account from one address, in a minute. */
  failuresPerAccountAndAddress: number;
  failuresPerAddress: number;
  /** Failures of one account from anywhere, in ten minutes, before the delay starts to grow. */
  failuresBeforeDelay: number;
  longestDelaySeconds: number;
  newUsersPerAddress: number;
  /** How many addresses and accounts are remembered; beyond it the least recently used is forgotten. */
  maxRemembered: number;
}

export const defaultAttemptLimits: AttemptLimitOptions = {
  failuresPerAccountAndAddress: 10,
  failuresPerAddress: 30,
  failuresBeforeDelay: 30,
  longestDelaySeconds: 60,
  newUsersPerAddress: 10,
  maxRemembered: 50_000,
};

/** Ends an attempt that `AttemptLimits.tryPassword` let through; one that failed counts. */
export type EndAttempt = (hasFailed: boolean) => void;

export type Attempt = { ok: true; end: EndAttempt } | { ok: false; seconds: number };

const MINUTE_MS = 60_000;
const ACCOUNT_WINDOW_MS = 10 * MINUTE_MS;

export class AttemptLimits {
  readonly #options: AttemptLimitOptions;
  readonly #clock: Clock;
  readonly #addresses: RecentEvents;
  readonly #pairs: RecentEvents;
  readonly #accounts: RecentEvents;
  readonly #newUsers: RecentEvents;

  constructor(clock: Clock, options: Partial<AttemptLimitOptions> = {}) {
    this.#options = { ...defaultAttemptLimits, ...options };
    this.#clock = clock;
    const { maxRemembered } = this.#options;
    const recent = (windowMs: number) => new RecentEvents(clock, windowMs, maxRemembered);
    this.#addresses = recent(MINUTE_MS);
    this.#pairs = recent(MINUTE_MS);
    this.#accounts = recent(ACCOUNT_WINDOW_MS);
    this.#newUsers = recent(MINUTE_MS);
  }

  /** An attempt counts as failed while it lasts, so that parallel attempts gain nothing over sequential ones. */
  tryPassword(user: string, address: string): Attempt {
    const from = networkOf(address);
    // No account has a longer name. Without a bound, long made-up names would fill the memory.
    const account = userKey(user).slice(0, MAX_USER_NAME_LENGTH + 1);
    const pair = `${account} ${from}`;
    const { failuresPerAddress, failuresPerAccountAndAddress } = this.#options;
    const waitMs = Math.max(
      this.#addresses.waitMs(from, failuresPerAddress),
      this.#pairs.waitMs(pair, failuresPerAccountAndAddress),
      this.#delayMs(account, pair),
    );
    if (waitMs > 0) return { ok: false, seconds: Math.ceil(waitMs / 1_000) };
    const all = [this.#addresses.start(from), this.#pairs.start(pair), this.#accounts.start(account)];
    const end = (hasFailed: boolean) => {
      for (const endOne of all) endOne(hasFailed);
    };
    return { ok: true, end };
  }

  /** Null, or in how many seconds the address may add another user. */
  addUser(address: string): number | null {
    const from = networkOf(address);
    const waitMs = this.#newUsers.waitMs(from, this.#options.newUsersPerAddress);
    if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    this.#newUsers.start(from)(true);
    return null;
  }

  /** An address that never failed on the account does not wait: nobody can lock the owner out. */
  #delayMs(account: string, pair: string): number {
    const lastFailureMs = this.#pairs.lastMs(pair);
    const excess = this.#accounts.count(account) - this.#options.failuresBeforeDelay;
    if (lastFailureMs === null || excess < 0) return 0;
    const delayMs = Math.min(2 ** excess, this.#options.longestDelaySeconds) * 1_000;
    return lastFailureMs + delayMs - this.#clock.nowMs();
  }
}
