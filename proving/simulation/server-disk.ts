// The simulated server's disk, which outlives its process. Changes arrive as whole transactions.
import { userKey } from "../../src/game/user-name.ts";
import type {
  AccountOverview,
  MatchUpdate,
  NewAccount,
  NewMatch,
  Standing,
  StoredMatch,
  StoredSession,
} from "../../src/server/store/store.ts";

export interface AccountRow {
  readonly user: string;
  passwordHash: string;
  points: number;
  standing: Standing;
}

export type MatchRow = { -readonly [K in keyof StoredMatch]: StoredMatch[K] };

export class ServerDisk {
  /** By `userKey`, as are `sessions`. */
  readonly accounts = new Map<string, AccountRow>();
  readonly sessions = new Map<string, StoredSession>();
  readonly matches = new Map<string, MatchRow>();
  readonly kept = new Map<string, string>();
  isRunning = false;
  /** Hashes of all tokens that were ever on disk. */
  readonly pastTokens = new Set<string>();

  addAccount({ user, passwordHash, points }: NewAccount): boolean {
    if (this.accounts.has(userKey(user))) return false;
    this.accounts.set(userKey(user), { user, passwordHash, points, standing: "active" });
    return true;
  }

  changePassword(user: string, passwordHash: string, tokenHash: string): boolean {
    const account = this.accounts.get(userKey(user));
    if (!account || this.sessions.get(userKey(user))?.tokenHash !== tokenHash) return false;
    account.passwordHash = passwordHash;
    return true;
  }

  saveSession(session: StoredSession, passwordHash: string): boolean {
    const account = this.accounts.get(userKey(session.user));
    if (account?.passwordHash !== passwordHash || account.standing !== "active") return false;
    this.sessions.set(userKey(session.user), { ...session, user: account.user });
    this.pastTokens.add(session.tokenHash);
    return true;
  }

  endSession(tokenHash: string): void {
    const session = this.sessionOf(tokenHash);
    if (session) this.sessions.delete(userKey(session.user));
  }

  sessionOf(tokenHash: string): StoredSession | null {
    for (const session of this.sessions.values()) if (session.tokenHash === tokenHash) return session;
    return null;
  }

  overview(user: string): AccountOverview | null {
    const account = this.accounts.get(userKey(user));
    if (!account) return null;
    const { user: registered, points, standing } = account;
    const sessionUntilMs = this.sessions.get(userKey(user))?.expiresAtMs ?? null;
    return { user: registered, points, standing, sessionUntilMs };
  }

  resetPassword(user: string, passwordHash: string): boolean {
    const account = this.accounts.get(userKey(user));
    if (!account || account.standing === "deleted") return false;
    account.passwordHash = passwordHash;
    return this.endSessionOf(user);
  }

  /** False without such an account. */
  endSessionOf(user: string): boolean {
    this.sessions.delete(userKey(user));
    return this.accounts.has(userKey(user));
  }

  setStanding(user: string, standing: Standing): boolean {
    const account = this.accounts.get(userKey(user));
    if (!account || account.standing === "deleted") return false;
    account.standing = standing;
    return standing === "active" || this.endSessionOf(user);
  }

  renameAccount(user: string, newUser: string): boolean {
    const account = this.accounts.get(userKey(user));
    if (!account || account.standing === "deleted" || this.accounts.has(userKey(newUser))) return false;
    this.accounts.set(userKey(newUser), { ...account, user: newUser });
    Object.assign(account, { standing: "deleted", points: 0 });
    return this.endSessionOf(user);
  }

  addMatch(match: NewMatch): void {
    const { matchId, inviter, invitee } = match;
    if (this.matches.has(matchId)) throw new Error(`match ${matchId} exists already`);
    for (const user of [inviter, invitee])
      if (!this.accounts.has(userKey(user))) throw new Error(`${user} has no account`);
    const row = {
      ...match,
      hasAbandoned: { X: false, O: false },
      verdict: null,
      transcripts: [],
      version: 0,
    };
    this.matches.set(matchId, row);
  }

  /** False if the match has another version. */
  updateMatch({ matchId, version, status, newTranscript }: MatchUpdate): boolean {
    const row = this.matches.get(matchId);
    if (row?.version !== version) return false;
    row.version++;
    row.hasAbandoned = status.hasAbandoned;
    row.verdict = status.verdict;
    if (newTranscript !== null && !row.transcripts.includes(newTranscript))
      row.transcripts = [...row.transcripts, newTranscript];
    return true;
  }

  addPoints(user: string, points: number): void {
    const account = this.accounts.get(userKey(user));
    if (account) account.points += points;
  }
}
