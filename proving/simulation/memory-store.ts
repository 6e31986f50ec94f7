// The server's store on a simulated disk: queued writes are committed together, and are lost if the process dies before
// the commit. A broken disk rejects them.
import { userKey } from "../../src/game/user-name.ts";
import {
  type Account,
  type AccountOverview,
  type MatchUpdate,
  type NewAccount,
  type NewMatch,
  type Standing,
  type Store,
  type StoredMatch,
  type StoredSession,
  StoreError,
  type UserPoints,
} from "../../src/server/store/store.ts";
import type { ServerDisk } from "./server-disk.ts";
import type { VirtualProcess } from "./virtual-process.ts";

type StoreProcess = Pick<VirtualProcess, "isAlive" | "after" | "wait">;

export interface CommitTimes {
  /** How long until the queued writes are on disk. */
  commitMs(): number;
  /** How long from there until the callers are answered. */
  replyMs(): number;
}

/** Observes the disk from outside, and breaks it. */
export interface DiskWatch {
  isBroken(): boolean;
  /** A transaction is about to change a match. */
  beforeChange(update: MatchUpdate): void;
  beforeCommit(): void;
  afterCommit(): void;
}

interface QueuedWrite {
  apply(): void;
  succeed(): void;
  fail(error: StoreError): void;
}

export class MemoryStore implements Store {
  readonly file = null;
  readonly #disk: ServerDisk;
  readonly #process: StoreProcess;
  readonly #times: CommitTimes;
  readonly #watch: DiskWatch;
  #queue: QueuedWrite[] = [];
  #underWayCount = 0;

  constructor(disk: ServerDisk, process: StoreProcess, times: CommitTimes, watch: DiskWatch) {
    this.#disk = disk;
    this.#process = process;
    this.#times = times;
    this.#watch = watch;
  }

  /** No write is queued, and every caller has the result of its write. */
  get isIdle(): boolean {
    return this.#underWayCount === 0;
  }

  async findAccount(user: string): Promise<Account | null> {
    const account = this.#disk.accounts.get(userKey(user));
    return account && account.standing !== "deleted"
      ? { user: account.user, passwordHash: account.passwordHash }
      : null;
  }

  addAccount(account: NewAccount): Promise<boolean> {
    return this.write(() => this.#disk.addAccount(account));
  }

  async addAccounts(accounts: readonly NewAccount[]): Promise<{ ok: true } | { ok: false; taken: string }> {
    const taken = accounts.find(({ user }) => this.#disk.accounts.has(userKey(user)))?.user;
    if (taken !== undefined) return { ok: false, taken };
    await this.write(() => {
      for (const account of accounts) this.#disk.addAccount(account);
    });
    return { ok: true };
  }

  changePassword(user: string, passwordHash: string, tokenHash: string): Promise<boolean> {
    return this.write(() => this.#disk.changePassword(user, passwordHash, tokenHash));
  }

  async scores(): Promise<UserPoints[]> {
    return [...this.#disk.accounts.values()]
      .filter(({ standing }) => standing !== "deleted")
      .map(({ user, points }) => ({ user, points }))
      .sort((one, other) => (userKey(one.user) < userKey(other.user) ? -1 : 1));
  }

  saveSession(session: StoredSession, passwordHash: string): Promise<boolean> {
    return this.write(() => this.#disk.saveSession(session, passwordHash));
  }

  async findSession(tokenHash: string): Promise<StoredSession | null> {
    return this.#disk.sessionOf(tokenHash);
  }

  endSession(tokenHash: string): Promise<void> {
    return this.write(() => this.#disk.endSession(tokenHash));
  }

  async accountOverview(user: string): Promise<AccountOverview | null> {
    return this.#disk.overview(user);
  }

  async accountsAfter(user: string, limit: number): Promise<AccountOverview[]> {
    const keys = [...this.#disk.accounts.keys()].sort().filter((key) => key > userKey(user));
    return keys.slice(0, limit).map((key) => this.#disk.overview(key) as AccountOverview);
  }

  resetPassword(user: string, passwordHash: string): Promise<boolean> {
    return this.write(() => this.#disk.resetPassword(user, passwordHash));
  }

  endSessionOf(user: string): Promise<boolean> {
    return this.write(() => this.#disk.endSessionOf(user));
  }

  setStanding(user: string, standing: Standing): Promise<boolean> {
    return this.write(() => this.#disk.setStanding(user, standing));
  }

  renameAccount(user: string, newUser: string): Promise<boolean> {
    return this.write(() => this.#disk.renameAccount(user, newUser));
  }

  addMatch(match: NewMatch): Promise<void> {
    return this.write(() => this.#disk.addMatch(match));
  }

  async findMatch(matchId: string): Promise<StoredMatch | null> {
    const row = this.#disk.matches.get(matchId);
    return row ? { ...row } : null;
  }

  async openMatches(): Promise<StoredMatch[]> {
    return [...this.#disk.matches.values()].filter(({ verdict }) => verdict === null);
  }

  updateMatch(update: MatchUpdate): Promise<boolean> {
    return this.write(() => {
      this.#watch.beforeChange(update);
      if (!this.#disk.updateMatch(update)) return false;
      for (const { user, points } of update.pointsAdded) this.#disk.addPoints(user, points);
      return true;
    });
  }

  protected addPoints(added: readonly UserPoints[]): Promise<void> {
    return this.write(() => {
      for (const { user, points } of added) this.#disk.addPoints(user, points);
    });
  }

  keepForLife(name: string, make: () => string): Promise<string> {
    return this.write(() => {
      const value = this.#disk.kept.get(name) ?? make();
      this.#disk.kept.set(name, value);
      return value;
    });
  }

  beginRun(): Promise<{ lastRunEndedNormally: boolean }> {
    return this.write(() => {
      const lastRunEndedNormally = !this.#disk.isRunning;
      this.#disk.isRunning = true;
      return { lastRunEndedNormally };
    });
  }

  endRun(): Promise<void> {
    return this.write(() => {
      this.#disk.isRunning = false;
    });
  }

  async close(): Promise<void> {
    while (!this.isIdle) await this.#process.wait(1);
  }

  private write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      let value: T;
      const apply = () => {
        value = work();
      };
      this.#underWayCount++;
      if (this.#queue.length === 0) this.#process.after(this.#times.commitMs(), () => this.#commit());
      this.#queue.push({ apply, succeed: () => resolve(value), fail: reject });
    });
  }

  #commit(): void {
    const writes = this.#queue;
    this.#queue = [];
    this.#watch.beforeCommit();
    if (!this.#process.isAlive) return;
    const errors = writes.map((write) => this.#errorOf(write));
    this.#watch.afterCommit();
    this.#process.after(this.#times.replyMs(), () => {
      this.#underWayCount -= writes.length;
      for (const [index, { succeed, fail }] of writes.entries()) {
        const error = errors[index];
        if (error) fail(error);
        else succeed();
      }
    });
  }

  /** Applies the write; a write that fails does not affect the others of its commit. */
  #errorOf({ apply }: QueuedWrite): StoreError | null {
    if (this.#watch.isBroken()) return new StoreError("the disk is full");
    try {
      apply();
      return null;
    } catch (cause) {
      return new StoreError("the write was not kept", { cause });
    }
  }
}
