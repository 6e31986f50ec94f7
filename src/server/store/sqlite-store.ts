// The store in one SQLite file. Reads answer at once; writes go through grouped commits.
import type { DatabaseSyncInstance, StatementSyncInstance } from "@photostructure/sqlite";
import { type DatabaseFileOptions, openDatabaseFile, releaseDatabaseFile } from "./database-file.ts";
import { takeSnapshot } from "./database-snapshot.ts";
import { GroupedCommits } from "./grouped-commits.ts";
import { readScores } from "./scores-text.ts";
import {
  type Account,
  type AccountOverview,
  type MatchOutcome,
  type MatchUpdate,
  type NewAccount,
  type NewMatch,
  type OutcomeBasis,
  type Standing,
  type Store,
  type StoredMatch,
  type StoredSession,
  StoreError,
  type StoreFile,
  type UserPoints,
} from "./store.ts";
import type { StoreHealth } from "./store-trouble.ts";

export type StoreOptions = DatabaseFileOptions & StoreHealth;

/** Throws StartupError when the folder cannot be used or another server holds it. */
export async function openStore(dataDirectory: string, options: StoreOptions = {}): Promise<Store> {
  const { database, warning } = openDatabaseFile(dataDirectory, options);
  return new SqliteStore(database, { ...options, directory: dataDirectory, warning });
}

const OVERVIEW = `SELECT accounts.user, points, standing, expires_at_ms AS sessionUntilMs
  FROM accounts LEFT JOIN sessions USING (user)`;

type Row = Record<string, string | number | null>;

/** How much a copy of the file without its log can miss, at most. */
const CHECKPOINT_MS = 60_000;

class SqliteStore implements Store {
  readonly file: StoreFile;
  readonly #database: DatabaseSyncInstance;
  readonly #commits: GroupedCommits;
  readonly #statements = new Map<string, StatementSyncInstance>();

  readonly #checkpoints: NodeJS.Timeout;

  constructor(
    database: DatabaseSyncInstance,
    { directory, warning, ...health }: StoreHealth & { directory: string; warning: string | null },
  ) {
    this.#database = database;
    this.#commits = new GroupedCommits(database, health);
    this.file = { warning, snapshot: () => takeSnapshot(database, directory) };
    this.#checkpoints = setInterval(() => this.#commits.checkpoint(), CHECKPOINT_MS).unref();
  }

  async findAccount(user: string): Promise<Account | null> {
    const row = this.#read(
      "SELECT user, password_hash FROM accounts WHERE user = ? AND standing <> 'deleted'",
      user,
    )[0];
    return row ? { user: row.user as string, passwordHash: row.password_hash as string } : null;
  }

  addAccount(account: NewAccount): Promise<boolean> {
    return this.#commits.write(() => this.#insertAccount(account));
  }

  async addAccounts(accounts: readonly NewAccount[]): Promise<{ ok: true } | { ok: false; taken: string }> {
    for (const { user } of accounts) if (await this.accountOverview(user)) return { ok: false, taken: user };
    await this.#commits.write(() => {
      for (const account of accounts)
        if (!this.#insertAccount(account)) throw new Error(`${account.user} was registered meanwhile`);
    });
    return { ok: true };
  }

  changePassword(user: string, passwordHash: string, tokenHash: string): Promise<boolean> {
    return this.#commits.write(() => {
      const kept = "SELECT 1 FROM sessions WHERE user = ? AND token_hash = ?";
      if (this.#read(kept, user, tokenHash).length === 0) return false;
      this.#run("UPDATE accounts SET password_hash = ? WHERE user = ?", passwordHash, user);
      return true;
    });
  }

  async scores(): Promise<UserPoints[]> {
    // One long text: 100,000 single rows would take most of a second.
    // The inner order is the table's own, so nothing is sorted.
    const [row] = this.#read(
      `SELECT group_concat(user || ':' || points, ';') AS scores
       FROM (SELECT user, points FROM accounts WHERE standing <> 'deleted' ORDER BY user)`,
    );
    return readScores(row?.scores as string | null);
  }

  saveSession({ user, tokenHash, expiresAtMs }: StoredSession, passwordHash: string): Promise<boolean> {
    return this.#commits.write(() => {
      const saved = `INSERT OR REPLACE INTO sessions
        SELECT user, ?, ? FROM accounts WHERE user = ? AND password_hash = ? AND standing = 'active'`;
      return this.#run(saved, tokenHash, expiresAtMs, user, passwordHash) > 0;
    });
  }

  async findSession(tokenHash: string): Promise<StoredSession | null> {
    const [row] = this.#read(
      `SELECT accounts.user, token_hash AS tokenHash, expires_at_ms AS expiresAtMs
       FROM sessions JOIN accounts USING (user) WHERE token_hash = ?`,
      tokenHash,
    );
    return (row as unknown as StoredSession | undefined) ?? null;
  }

  endSession(tokenHash: string): Promise<void> {
    return this.#commits.write(() => {
      this.#run("DELETE FROM sessions WHERE token_hash = ?", tokenHash);
    });
  }

  async accountOverview(user: string): Promise<AccountOverview | null> {
    const [row] = this.#read(`${OVERVIEW} WHERE accounts.user = ?`, user);
    return (row as unknown as AccountOverview | undefined) ?? null;
  }

  async accountsAfter(user: string, limit: number): Promise<AccountOverview[]> {
    const rows = this.#read(
      `${OVERVIEW} WHERE accounts.user > ? ORDER BY accounts.user LIMIT ${limit}`,
      user,
    );
    return rows as unknown as AccountOverview[];
  }

  resetPassword(user: string, passwordHash: string): Promise<boolean> {
    return this.#commits.write(() => {
      const reset = "UPDATE accounts SET password_hash = ? WHERE user = ? AND standing <> 'deleted'";
      return this.#run(reset, passwordHash, user) > 0 && this.#endSessionOf(user);
    });
  }

  endSessionOf(user: string): Promise<boolean> {
    return this.#commits.write(() => this.#endSessionOf(user));
  }

  setStanding(user: string, standing: Standing): Promise<boolean> {
    return this.#commits.write(() => {
      const set = "UPDATE accounts SET standing = ? WHERE user = ? AND standing <> 'deleted'";
      return this.#run(set, standing, user) > 0 && (standing === "active" || this.#endSessionOf(user));
    });
  }

  renameAccount(user: string, newUser: string): Promise<boolean> {
    return this.#commits.write(() => {
      const added = `INSERT INTO accounts (user, password_hash, points, standing)
        SELECT ?, password_hash, points, standing FROM accounts WHERE user = ? AND standing <> 'deleted'
        ON CONFLICT DO NOTHING`;
      if (this.#run(added, newUser, user) === 0) return false;
      this.#run("UPDATE accounts SET standing = 'deleted', points = 0 WHERE user = ?", user);
      return this.#endSessionOf(user);
    });
  }

  addMatch({ matchId, ticketText, inviter, invitee }: NewMatch): Promise<void> {
    return this.#commits.write(() => {
      const columns = "match_id, ticket, inviter, invitee";
      this.#run(
        `INSERT INTO matches (${columns}) VALUES (?, ?, ?, ?)`,
        matchId,
        ticketText,
        inviter,
        invitee,
      );
    });
  }

  async findMatch(matchId: string): Promise<StoredMatch | null> {
    return this.#readMatches("match_id = ?", matchId)[0] ?? null;
  }

  async openMatches(): Promise<StoredMatch[]> {
    return this.#readMatches("outcome IS NULL");
  }

  updateMatch({ matchId, version, status, newTranscript, pointsAdded }: MatchUpdate): Promise<boolean> {
    return this.#commits.write(() => {
      const { hasAbandoned, verdict } = status;
      const changed = this.#run(
        `UPDATE matches SET has_x_abandoned = ?, has_o_abandoned = ?, outcome = ?, basis = ?, version = version + 1
         WHERE match_id = ? AND version = ?`,
        Number(hasAbandoned.X),
        Number(hasAbandoned.O),
        verdict?.outcome ?? null,
        verdict?.basis ?? null,
        matchId,
        version,
      );
      if (changed === 0) return false;
      if (newTranscript !== null)
        this.#run("INSERT OR IGNORE INTO transcripts VALUES (?, ?)", matchId, newTranscript);
      for (const { user, points } of pointsAdded)
        this.#run("UPDATE accounts SET points = points + ? WHERE user = ?", points, user);
      return true;
    });
  }

  async keepForLife(name: string, make: () => string): Promise<string> {
    const kept = this.#kept(name);
    if (kept !== null) return kept;
    return this.#commits.write(() => {
      const made = this.#kept(name) ?? make();
      this.#keep(name, made);
      return made;
    });
  }

  beginRun(): Promise<{ lastRunEndedNormally: boolean }> {
    return this.#commits.write(() => {
      const lastRunEndedNormally = this.#kept("run") !== "on";
      this.#keep("run", "on");
      return { lastRunEndedNormally };
    });
  }

  endRun(): Promise<void> {
    return this.#commits.write(() => this.#keep("run", "ended"));
  }

  async close(): Promise<void> {
    if (!this.#database.isOpen) return;
    clearInterval(this.#checkpoints);
    this.#commits.flush();
    releaseDatabaseFile(this.#database);
  }

  /** False without such an account. */
  #endSessionOf(user: string): boolean {
    this.#run("DELETE FROM sessions WHERE user = ?", user);
    return this.#read("SELECT 1 FROM accounts WHERE user = ?", user).length > 0;
  }

  #insertAccount({ user, passwordHash, points }: NewAccount): boolean {
    const added =
      "INSERT INTO accounts (user, password_hash, points) VALUES (?, ?, ?) ON CONFLICT DO NOTHING";
    return this.#run(added, user, passwordHash, points) === 1;
  }

  #readMatches(condition: string, ...parameters: string[]): StoredMatch[] {
    const columns =
      "match_id, ticket, inviter, invitee, has_x_abandoned, has_o_abandoned, outcome, basis, version";
    const rows = this.#read(`SELECT ${columns} FROM matches WHERE ${condition}`, ...parameters);
    return rows.map((row) => {
      const matchId = row.match_id as string;
      const { outcome, basis } = row as unknown as { outcome: MatchOutcome | null; basis: OutcomeBasis };
      const kept = this.#read("SELECT actions FROM transcripts WHERE match_id = ?", matchId);
      return {
        matchId,
        ticketText: row.ticket as string,
        inviter: row.inviter as string,
        invitee: row.invitee as string,
        hasAbandoned: { X: row.has_x_abandoned === 1, O: row.has_o_abandoned === 1 },
        verdict: outcome === null ? null : { outcome, basis },
        transcripts: kept.map(({ actions }) => actions as string),
        version: row.version as number,
      };
    });
  }

  #kept(name: string): string | null {
    const row = this.#read("SELECT value FROM kept WHERE name = ?", name)[0];
    return row ? (row.value as string) : null;
  }

  #keep(name: string, value: string): void {
    this.#run("INSERT OR REPLACE INTO kept VALUES (?, ?)", name, value);
  }

  #read(sql: string, ...parameters: string[]): Row[] {
    try {
      return this.#statement(sql).all(...parameters) as Row[];
    } catch (cause) {
      throw new StoreError("the store cannot be read", { cause });
    }
  }

  /** How many rows changed. */
  #run(sql: string, ...parameters: (string | number | null)[]): number {
    return this.#statement(sql).run(...parameters).changes;
  }

  #statement(sql: string): StatementSyncInstance {
    const prepared = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}
