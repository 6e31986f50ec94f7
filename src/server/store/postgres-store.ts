// The store in PostgreSQL, which several servers may share; postgres-statements.ts has what is asked there.
import {
  PostgresConnections,
  type PostgresPatience,
  type Statement,
  type Value,
} from "./postgres-connections.ts";
import * as statements from "./postgres-statements.ts";
import { readScores } from "./scores-text.ts";
import type {
  Account,
  AccountOverview,
  MatchUpdate,
  NewAccount,
  NewMatch,
  Standing,
  Store,
  StoredMatch,
  StoredSession,
  UserPoints,
} from "./store.ts";
import type { StoreHealth } from "./store-trouble.ts";

/** This many are read well within the time limit of a statement. */
const SCORES_AT_ONCE = 10_000;

export interface PostgresOptions extends StoreHealth {
  /** Which of the servers this is: the same after a restart. */
  serverId: string;
  patience?: PostgresPatience;
}

/** Throws StartupError when the database cannot be used. */
export async function openPostgresStore(url: string, options: PostgresOptions): Promise<Store> {
  return new PostgresStore(await PostgresConnections.open(url, options, options.patience), options.serverId);
}

class PostgresStore implements Store {
  readonly file = null;
  readonly #connections: PostgresConnections;
  readonly #serverId: string;
  #isClosed = false;

  constructor(connections: PostgresConnections, serverId: string) {
    this.#connections = connections;
    this.#serverId = serverId;
  }

  findAccount(user: string): Promise<Account | null> {
    return this.#first<Account>(statements.findAccount, user);
  }

  addAccount({ user, passwordHash, points }: NewAccount): Promise<boolean> {
    return this.#hasHappened(statements.addAccountUnlessTaken, user, passwordHash, points);
  }

  async addAccounts(accounts: readonly NewAccount[]): Promise<{ ok: true } | { ok: false; taken: string }> {
    const users = accounts.map(({ user }) => user);
    const taken = await this.#first<{ user: string }>(statements.findTaken, users);
    if (taken) return { ok: false, taken: taken.user };
    const hashes = accounts.map(({ passwordHash }) => passwordHash);
    const points = accounts.map((account) => account.points);
    await this.#connections.run(statements.addAccounts, users, hashes, points);
    return { ok: true };
  }

  changePassword(user: string, passwordHash: string, tokenHash: string): Promise<boolean> {
    return this.#hasHappened(statements.changePassword, user, passwordHash, tokenHash);
  }

  async scores(): Promise<UserPoints[]> {
    let all: UserPoints[] = [];
    for (;;) {
      const after = all.at(-1)?.user ?? "";
      const row = await this.#first<{ scores: string | null }>(statements.scores, after, SCORES_AT_ONCE);
      const page = readScores(row?.scores ?? null);
      all = all.concat(page);
      if (page.length < SCORES_AT_ONCE) return all;
    }
  }

  saveSession({ user, tokenHash, expiresAtMs }: StoredSession, passwordHash: string): Promise<boolean> {
    return this.#hasHappened(statements.saveSession, user, passwordHash, tokenHash, expiresAtMs);
  }

  findSession(tokenHash: string): Promise<StoredSession | null> {
    return this.#first<StoredSession>(statements.findSession, tokenHash);
  }

  async endSession(tokenHash: string): Promise<void> {
    await this.#connections.run(statements.endSession, tokenHash);
  }

  accountOverview(user: string): Promise<AccountOverview | null> {
    return this.#first<AccountOverview>(statements.accountOverview, user);
  }

  accountsAfter(user: string, limit: number): Promise<AccountOverview[]> {
    return this.#connections.run<AccountOverview>(statements.accountsAfter, user, limit);
  }

  resetPassword(user: string, passwordHash: string): Promise<boolean> {
    return this.#hasHappened(statements.resetPassword, user, passwordHash);
  }

  endSessionOf(user: string): Promise<boolean> {
    return this.#hasHappened(statements.endSessionOf, user);
  }

  setStanding(user: string, standing: Standing): Promise<boolean> {
    return this.#hasHappened(statements.setStanding, user, standing);
  }

  renameAccount(user: string, newUser: string): Promise<boolean> {
    return this.#hasHappened(statements.renameAccount, user, newUser);
  }

  async addMatch({ matchId, ticketText, inviter, invitee }: NewMatch): Promise<void> {
    await this.#connections.run(statements.addMatch, matchId, ticketText, inviter, invitee);
  }

  async findMatch(matchId: string): Promise<StoredMatch | null> {
    const row = await this.#first<statements.MatchRow>(statements.findMatch, matchId);
    return row && storedMatch(row);
  }

  async openMatches(): Promise<StoredMatch[]> {
    return (await this.#connections.run<statements.MatchRow>(statements.openMatches)).map(storedMatch);
  }

  updateMatch({ matchId, version, status, newTranscript, pointsAdded }: MatchUpdate): Promise<boolean> {
    const { hasAbandoned, verdict } = status;
    return this.#hasHappened(
      statements.updateMatch,
      matchId,
      version,
      hasAbandoned.X,
      hasAbandoned.O,
      verdict?.outcome ?? null,
      verdict?.basis ?? null,
      newTranscript,
      pointsAdded.map(({ user }) => user),
      pointsAdded.map(({ points }) => points),
    );
  }

  async keepForLife(name: string, make: () => string): Promise<string> {
    const kept =
      (await this.#first<{ value: string }>(statements.findKept, name)) ??
      (await this.#first<{ value: string }>(statements.keepOnce, name, make()));
    if (!kept) throw new Error(`${name} was neither found nor kept`);
    return kept.value;
  }

  async beginRun(): Promise<{ lastRunEndedNormally: boolean }> {
    const begun = await this.#first<{ wasOn: boolean }>(statements.beginRun, this.#serverId);
    return { lastRunEndedNormally: begun?.wasOn === false };
  }

  async endRun(): Promise<void> {
    await this.#connections.run(statements.endRun, this.#serverId);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#connections.close();
  }

  async #first<Row>(statement: Statement, ...values: Value[]): Promise<Row | null> {
    const [row] = await this.#connections.run<Row>(statement, ...values);
    return row ?? null;
  }

  async #hasHappened(statement: Statement, ...values: Value[]): Promise<boolean> {
    return (await this.#connections.run(statement, ...values)).length > 0;
  }
}

function storedMatch(row: statements.MatchRow): StoredMatch {
  const { outcome, basis } = row;
  return {
    matchId: row.match_id,
    ticketText: row.ticket,
    inviter: row.inviter,
    invitee: row.invitee,
    hasAbandoned: { X: row.has_x_abandoned, O: row.has_o_abandoned },
    verdict: outcome === null ? null : { outcome, basis },
    transcripts: row.transcripts,
    version: row.version,
  };
}
