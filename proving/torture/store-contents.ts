// What a server's database file holds of its users and matches, read while the server is down.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { ed25519Signer, ed25519Verify } from "../../src/game/signature.ts";
import { openTicket } from "../../src/game/ticket.ts";
import { replay, type SignedAction } from "../../src/game/transcript.ts";
import { action as actionField } from "../../src/protocol/fields.ts";
import type { MatchOutcome, OutcomeBasis } from "../../src/server/store/store.ts";

export interface KeptMatch {
  readonly matchId: string;
  readonly inviter: string;
  readonly invitee: string;
  /** null while the match has none. */
  readonly outcome: MatchOutcome | null;
  readonly basis: OutcomeBasis | null;
  /** What each of its transcripts proves, with every signature verified again. */
  readonly proved: readonly MatchOutcome[];
}

export interface StoreContents {
  readonly accounts: readonly { user: string; passwordHash: string; points: number }[];
  readonly sessions: readonly { user: string; tokenHash: string }[];
  readonly matches: readonly KeptMatch[];
}

export function readStore(dataDirectory: string): StoreContents {
  const database = new DatabaseSync(join(dataDirectory, "velha.db"), { readOnly: true });
  try {
    const all = <Row>(sql: string) => database.prepare(sql).all() as Row[];
    const [kept] = all<{ value: string }>("SELECT value FROM kept WHERE name = 'ticket key'");
    const ticketKey = kept ? ed25519Signer(kept.value).publicKey : "";
    const transcripts = database.prepare("SELECT actions FROM transcripts WHERE match_id = ?");
    const matches = all<Omit<KeptMatch, "proved"> & { ticket: string }>(
      "SELECT match_id AS matchId, ticket, inviter, invitee, outcome, basis FROM matches",
    );
    return {
      accounts: all("SELECT user, password_hash AS passwordHash, points FROM accounts"),
      sessions: all("SELECT user, token_hash AS tokenHash FROM sessions"),
      matches: matches.map(({ ticket, ...match }) => ({
        ...match,
        proved: (transcripts.all(match.matchId) as { actions: string }[]).flatMap(({ actions }) =>
          provedBy(ticket, ticketKey, actions),
        ),
      })),
    };
  } finally {
    database.close();
  }
}

/**
 * The ids of the matches whose outcome is on disk. Reads a copy: the next start has to find the server's own files as
 * they were left.
 */
export function settledOnDisk(dataDirectory: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "velha-torture-copy-"));
  try {
    for (const file of ["velha.db", "velha.db-wal"]) {
      const from = join(dataDirectory, file);
      if (existsSync(from)) copyFileSync(from, join(folder, file));
    }
    const database = new DatabaseSync(join(folder, "velha.db"));
    const rows = database.prepare("SELECT match_id AS matchId FROM matches WHERE outcome IS NOT NULL").all();
    database.close();
    return (rows as { matchId: string }[]).map(({ matchId }) => matchId);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function provedBy(ticketText: string, ticketKey: string, actions: string): MatchOutcome[] {
  const ticket = openTicket(ticketText, ticketKey, ed25519Verify);
  if (!ticket) return [];
  const signed = actions.split(";").map((text) => actionField.read(text) as SignedAction);
  const replayed = replay(ticketText, ticket, signed, ed25519Verify);
  const end = replayed.ok ? replayed.transcript.state.end : null;
  return end ? [end.winner ?? "draw"] : [];
}
