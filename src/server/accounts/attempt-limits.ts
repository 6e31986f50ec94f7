// How often passwords may be tried and users added, by address and by account, in bounded memory.
// An account as a whole is never locked: many failures only make each address that failed wait longer between tries.
import type { Clock } from "../clock.ts";

export interface AttemptLimitOptions {
  /** Of one account from one address, in a minute. */
  failuresPerAccountAndAddress: number;
  failuresPerAddress: number;
  /** Failures of one account from anywhere, in ten minutes, before the delay starts to grow. */
  failuresBeforeDelay: number;
  longestDelaySeconds: number;
  newUsersPerAddress: number;
  /** How many addresses and accounts are remembered; beyond it the one longest untouched is forgotten. */
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
/** More are not told apart. */
const MAX_TIMES = 100;
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

  /** An attempt counts as failed while it lasts, so that many at once get no further than one after another. */
  tryPassword(user: string, address: string): Attempt {
    const from = network(address);
    // No account has a longer name, and a key of any length would be memory for the asking.
    const account = user.toLowerCase().slice(0, 33);
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
    const from = network(address);
    const waitMs = this.#newUsers.waitMs(from, this.#options.newUsersPerAddress);
    if (waitMs > 0) return Math.ceil(waitMs / 1_000);
    this.#newUsers.start(from)(true);
    return null;
  }

  /** An address that never failed on the account does not wait: no stranger keeps the owner out. */
  #delayMs(account: string, pair: string): number {
    const lastFailureMs = this.#pairs.lastMs(pair);
    const excess = this.#accounts.count(account) - this.#options.failuresBeforeDelay;
    if (lastFailureMs === null || excess < 0) return 0;
    const delayMs = Math.min(2 ** excess, this.#options.longestDelaySeconds) * 1_000;
    return lastFailureMs + delayMs - this.#clock.nowMs();
  }
}

interface Recent {
  timesMs: number[];
  underWay: number;
}

/** How often something happened lately, by key. */
class RecentEvents {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  /** In the order in which they were last touched. */
  readonly #byKey = new Map<string, Recent>();

  constructor(clock: Clock, windowMs: number, maxKeys: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  count(key: string): number {
    return this.#recent(key)?.timesMs.length ?? 0;
  }

  lastMs(key: string): number | null {
    return this.#recent(key)?.timesMs.at(-1) ?? null;
  }

  /** How long until one more of them would be no more than `limit` in a window. */
  waitMs(key: string, limit: number): number {
    const recent = this.#recent(key);
    if (!recent || recent.timesMs.length + recent.underWay < limit) return 0;
    const oldestThatCounts = recent.timesMs.at(-limit);
    // Those under way may still turn out not to count.
    return oldestThatCounts === undefined ? 1_000 : oldestThatCounts + this.#windowMs - this.#clock.nowMs();
  }

  start(key: string): (counts: boolean) => void {
    const recent = this.#recent(key) ?? { timesMs: [], underWay: 0 };
    this.#byKey.delete(key);
    this.#byKey.set(key, recent);
    if (this.#byKey.size > this.#maxKeys) this.#byKey.delete(this.#byKey.keys().next().value as string);
    recent.underWay++;
    return (counts) => {
      recent.underWay--;
      if (counts) recent.timesMs.push(this.#clock.nowMs());
      if (recent.timesMs.length > MAX_TIMES) recent.timesMs.shift();
      if (recent.underWay === 0 && recent.timesMs.length === 0) this.#byKey.delete(key);
    };
  }

  #recent(key: string): Recent | null {
    const recent = this.#byKey.get(key);
    if (!recent) return null;
    const nowMs = this.#clock.nowMs();
    // When somebody sets the clock back, what lies ahead of it counts no longer.
    recent.timesMs = recent.timesMs.filter((timeMs) => timeMs > nowMs - this.#windowMs && timeMs <= nowMs);
    if (recent.timesMs.length > 0 || recent.underWay > 0) return recent;
    this.#byKey.delete(key);
    return null;
  }
}

/** Whoever has an IPv6 address commonly has the 2^64 around it: they count as one. */
function network(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = address.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array(Math.max(0, 8 - left.length - right.length)).fill("0") : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
