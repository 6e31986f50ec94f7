// Reads the same as store-contents.ts from the PostgreSQL database that several servers share.
import pg from "pg";
import { ed25519Signer } from "../../src/game/signature.ts";
import { type KeptMatch, provedBy, type StoreContents } from "./store-contents.ts";

export interface KeptDatabase {
  settled(): Promise<string[]>;
  contents(): Promise<StoreContents>;
  close(): Promise<void>;
}

/** Throws when the database is missing or has accounts: the history would not be everything that happened. */
export async function openKeptDatabase(url: string): Promise<KeptDatabase> {
  const client = new pg.Client(url);
  await client.connect();
  const all = async <Row>(sql: string) => (await client.query(sql)).rows as Row[];
  const [tables] = await all<{ accounts: string | null }>("SELECT to_regclass('accounts') AS accounts");
  const [some] = tables?.accounts ? await all("SELECT 1 FROM accounts LIMIT 1") : [];
  if (some) {
    await client.end();
    throw new Error("the database has accounts already; give an empty one with --database");
  }
  return {
    async settled() {
      const rows = await all<{ matchId: string }>(
        'SELECT match_id AS "matchId" FROM matches WHERE outcome IS NOT NULL',
      );
      return rows.map(({ matchId }) => matchId);
    },
    async contents() {
      const [kept] = await all<{ value: string }>("SELECT value FROM kept WHERE name = 'ticket key'");
      const ticketKey = kept ? ed25519Signer(kept.value).publicKey : "";
      const accounts = await all<StoreContents["accounts"][number]>(
        'SELECT user_name AS "user", password_hash AS "passwordHash", points::integer FROM accounts',
      );
      const sessions = await all<StoreContents["sessions"][number]>(
        'SELECT user_name AS "user", token_hash AS "tokenHash" FROM accounts WHERE token_hash IS NOT NULL',
      );
      const matches = await all<Omit<KeptMatch, "proved"> & { ticket: string; transcripts: string[] }>(`
        SELECT match_id AS "matchId", ticket, inviter, invitee, outcome, basis,
          ARRAY(SELECT actions FROM transcripts WHERE transcripts.match_id = matches.match_id) AS transcripts
        FROM matches`);
      return {
        accounts,
        sessions,
        matches: matches.map(({ ticket, transcripts, ...match }) => ({
          ...match,
          proved: transcripts.flatMap((actions) => provedBy(ticket, ticketKey, actions)),
        })),
      };
    },
    close: () => client.end(),
  };
}
