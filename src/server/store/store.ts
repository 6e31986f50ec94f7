// What the server stores permanently, behind one small interface.
// A write's promise resolves once it is on disk. When it cannot be written (disk full, broken I/O, no database) it
// rejects with StoreError, and the caller answers TRY_LATER. Then nothing of that write is stored. But when a database was
// lost before it answered, all of it may be stored, so a retry must be harmless.

export class StoreError extends Error {
  override readonly name = "StoreError";
}

export interface Account {
  /** As registered; two names that differ only in case are one account. */
  readonly user: string;
  readonly passwordHash: string;
}

export interface NewAccount extends Account {
  readonly points: number;
}

export interface UserPoints {
  readonly user: string;
  readonly points: number;
}

/** `banned`: no login. `deleted`: no login and in no list, for good; the name is not given out again. */
export type Standing = "active" | "banned" | "deleted";

/** What an operator sees of an account. */
export interface AccountOverview extends UserPoints {
  readonly standing: Standing;
  /** null: no session. It may have expired. */
  readonly sessionUntilMs: number | null;
}

/** A user has at most one session; a new one replaces the old. */
export interface StoredSession {
  readonly user: string;
  readonly tokenHash: string;
  readonly expiresAtMs: number;
}

/** Who won, by symbol: the inviter is X. */
export type MatchOutcome = "X" | "O" | "draw" | "void";
/** `proof`: by a transcript. `fork`: someone signed twice; for good. `judgement`: without proof, by who was there. */
export type OutcomeBasis = "proof" | "fork" | "judgement";

export interface MatchStatus {
  /** Who has reported ABANDONED. */
  readonly hasAbandoned: { readonly X: boolean; readonly O: boolean };
  readonly verdict: { readonly outcome: MatchOutcome; readonly basis: OutcomeBasis } | null;
}

export interface StoredMatch extends MatchStatus {
  readonly matchId: string;
  readonly ticketText: string;
  readonly inviter: string;
  readonly invitee: string;
  /** The actions of every valid transcript, each as `result` carries them, joined by `;`. */
  readonly transcripts: readonly string[];
  /** How often it was changed. */
  readonly version: number;
}

export type NewMatch = Pick<StoredMatch, "matchId" | "ticketText" | "inviter" | "invitee">;

export interface MatchUpdate {
  readonly matchId: string;
  /** What was decided on. */
  readonly version: number;
  readonly status: MatchStatus;
  readonly newTranscript: string | null;
  readonly pointsAdded: readonly UserPoints[];
}

/** A store in a file of its own. */
export interface StoreFile {
  /** Something that the operator should know, though the file can be used. */
  readonly warning: string | null;
  /** Writes all that is acknowledged by now, and nothing half, to a file beside it; resolves to its path. */
  snapshot(): Promise<string>;
}

/** What an operator does to accounts. Writes are false, and nothing changes, without such an account. */
export interface OperatorStore {
  /** null: the database has tools of its own for copies and checks. */
  readonly file: StoreFile | null;
  /** Deleted ones too. */
  accountOverview(user: string): Promise<AccountOverview | null>;
  /** The next accounts in the order of names without regard to case, deleted ones too. */
  accountsAfter(user: string, limit: number): Promise<AccountOverview[]>;
  /** Ends the session. */
  resetPassword(user: string, passwordHash: string): Promise<boolean>;
  endSessionOf(user: string): Promise<boolean>;
  /** Ends the session, unless the account is active then. */
  setStanding(user: string, standing: Standing): Promise<boolean>;
  /**
   * Moves password, points and standing to a new account, and deletes the old one: its matches stay under the name that
   * their tickets have. False, and nothing changes, when there is no such account or the new name is taken.
   */
  renameAccount(user: string, newUser: string): Promise<boolean>;
}

export interface Store extends OperatorStore {
  /** Not one that was deleted. */
  findAccount(user: string): Promise<Account | null>;
  /** False when the name is taken. */
  addAccount(account: NewAccount): Promise<boolean>;
  /** All or none; otherwise the first name that is taken. */
  addAccounts(accounts: readonly NewAccount[]): Promise<{ ok: true } | { ok: false; taken: string }>;
  /** False, and nothing changes, when `tokenHash` is not that of the user's one session. */
  changePassword(user: string, passwordHash: string, tokenHash: string): Promise<boolean>;
  /** Every account that was not deleted, by name without regard to case. */
  scores(): Promise<UserPoints[]>;

  /**
   * False, and nothing changes, when `passwordHash`, which the user was let in by, is no longer the account's, or the
   * account is banned.
   */
  saveSession(session: StoredSession, passwordHash: string): Promise<boolean>;
  findSession(tokenHash: string): Promise<StoredSession | null>;
  endSession(tokenHash: string): Promise<void>;

  addMatch(match: NewMatch): Promise<void>;
  findMatch(matchId: string): Promise<StoredMatch | null>;
  /** Those without an outcome. */
  openMatches(): Promise<StoredMatch[]>;
  /** False, and nothing changes, when the match has another version by now: decide again. */
  updateMatch(update: MatchUpdate): Promise<boolean>;

  /** A value kept for the server's life, such as the ticket key: what is stored, or `make()` stored now. */
  keepForLife(name: string, make: () => string): Promise<string>;
  /** Marks that a server runs; returns whether the last run ended with `endRun`. */
  beginRun(): Promise<{ lastRunEndedNormally: boolean }>;
  endRun(): Promise<void>;
  /** Finishes queued writes first. */
  close(): Promise<void>;
}
