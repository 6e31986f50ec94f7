// The statements for PostgreSQL. Each is one round trip and one transaction: no lock outlives it, so a server that stops
// at any point blocks no other.
import type { Statement } from "./postgres-connections.ts";

const reading = (name: string, text: string): Statement => ({ name, text, isWrite: false });
const writing = (name: string, text: string): Statement => ({ name, text, isWrite: true });

const matchColumns = `match_id, ticket, inviter, invitee, has_x_abandoned, has_o_abandoned, outcome, basis, version,
  ARRAY(SELECT actions FROM transcripts WHERE transcripts.match_id = matches.match_id ORDER BY actions) AS transcripts`;

export interface MatchRow {
  match_id: string;
  ticket: string;
  inviter: string;
  invitee: string;
  has_x_abandoned: boolean;
  has_o_abandoned: boolean;
  outcome: "X" | "O" | "draw" | "void" | null;
  basis: "proof" | "fork" | "judgement";
  version: number;
  transcripts: string[];
}

export const findAccount = reading(
  "find account",
  `SELECT user_name AS "user", password_hash AS "passwordHash" FROM accounts
   WHERE user_key = lower($1) AND standing <> 'deleted'`,
);

export const addAccounts = writing(
  "add accounts",
  `INSERT INTO accounts (user_key, user_name, password_hash, points)
   SELECT lower(user_name), user_name, password_hash, points
   FROM unnest($1::text[], $2::text[], $3::bigint[]) AS added (user_name, password_hash, points)`,
);

export const addAccountUnlessTaken = writing(
  "add account",
  `INSERT INTO accounts (user_key, user_name, password_hash, points) VALUES (lower($1), $1, $2, $3)
   ON CONFLICT DO NOTHING RETURNING 1`,
);

export const findTaken = reading(
  "find names that are taken",
  `SELECT added.user_name AS "user" FROM unnest($1::text[]) WITH ORDINALITY AS added (user_name, place)
   JOIN accounts ON user_key = lower(added.user_name) ORDER BY place LIMIT 1`,
);

export const changePassword = writing(
  "change password",
  "UPDATE accounts SET password_hash = $2 WHERE user_key = lower($1) AND token_hash = $3 RETURNING 1",
);

export const scores = reading(
  "read scores",
  `SELECT string_agg(user_name || ':' || points, ';' ORDER BY user_key) AS scores
   FROM (SELECT * FROM accounts WHERE user_key > lower($1) AND standing <> 'deleted' ORDER BY user_key LIMIT $2) AS page`,
);

export const saveSession = writing(
  "save session",
  `UPDATE accounts SET token_hash = $3, token_expires_at_ms = $4
   WHERE user_key = lower($1) AND password_hash = $2 AND standing = 'active' RETURNING 1`,
);

export const findSession = reading(
  "find session",
  `SELECT user_name AS "user", token_hash AS "tokenHash", token_expires_at_ms::float8 AS "expiresAtMs"
   FROM accounts WHERE token_hash = $1`,
);

export const endSession = writing(
  "end session",
  "UPDATE accounts SET token_hash = NULL, token_expires_at_ms = NULL WHERE token_hash = $1",
);

const overview = `SELECT user_name AS "user", points::float8 AS points, standing,
  token_expires_at_ms::float8 AS "sessionUntilMs" FROM accounts`;

export const accountOverview = reading("describe account", `${overview} WHERE user_key = lower($1)`);

export const accountsAfter = reading(
  "describe accounts",
  `${overview} WHERE user_key > lower($1) ORDER BY user_key LIMIT $2`,
);

export const resetPassword = writing(
  "reset password",
  `UPDATE accounts SET password_hash = $2, token_hash = NULL, token_expires_at_ms = NULL
   WHERE user_key = lower($1) AND standing <> 'deleted' RETURNING 1`,
);

export const endSessionOf = writing(
  "end session of user",
  `UPDATE accounts SET token_hash = NULL, token_expires_at_ms = NULL WHERE user_key = lower($1) RETURNING 1`,
);

export const setStanding = writing(
  "set standing",
  `UPDATE accounts SET standing = $2,
     token_hash = CASE WHEN $2 = 'active' THEN token_hash END,
     token_expires_at_ms = CASE WHEN $2 = 'active' THEN token_expires_at_ms END
   WHERE user_key = lower($1) AND standing <> 'deleted' RETURNING 1`,
);

export const renameAccount = writing(
  "rename account",
  `WITH added AS (
     INSERT INTO accounts (user_key, user_name, password_hash, points, standing)
     SELECT lower($2), $2, password_hash, points, standing FROM accounts
     WHERE user_key = lower($1) AND standing <> 'deleted'
     ON CONFLICT DO NOTHING RETURNING 1
   )
   UPDATE accounts SET standing = 'deleted', points = 0, token_hash = NULL, token_expires_at_ms = NULL
   WHERE user_key = lower($1) AND EXISTS (SELECT FROM added) RETURNING 1`,
);

export const addMatch = writing(
  "add match",
  `INSERT INTO matches (match_id, ticket, inviter, invitee, inviter_key, invitee_key)
   VALUES ($1, $2, $3, $4, lower($3), lower($4))`,
);

export const findMatch = reading("find match", `SELECT ${matchColumns} FROM matches WHERE match_id = $1`);

export const openMatches = reading(
  "find open matches",
  `SELECT ${matchColumns} FROM matches WHERE outcome IS NULL`,
);

/** With an outdated version nothing changes. All servers lock accounts in the same order. */
export const updateMatch = writing(
  "update match",
  `WITH changed AS (
     UPDATE matches
     SET has_x_abandoned = $3, has_o_abandoned = $4, outcome = $5, basis = $6, version = version + 1
     WHERE match_id = $1 AND version = $2
     RETURNING match_id
   ), kept AS (
     INSERT INTO transcripts SELECT match_id, $7 FROM changed WHERE $7::text IS NOT NULL ON CONFLICT DO NOTHING
   ), gained AS (
     SELECT lower(user_name) AS user_key, gain FROM unnest($8::text[], $9::bigint[]) AS all_gained (user_name, gain)
   ), locked AS (
     SELECT user_key FROM accounts
     WHERE user_key IN (SELECT user_key FROM gained) AND EXISTS (SELECT FROM changed)
     ORDER BY user_key FOR NO KEY UPDATE
   ), added AS (
     UPDATE accounts SET points = points + gain
     FROM gained JOIN locked USING (user_key) WHERE accounts.user_key = gained.user_key
   )
   SELECT 1 FROM changed`,
);

export const findKept = reading("find what is kept", "SELECT value FROM kept WHERE name = $1");

/** The first value is stored; later calls get that one. */
export const keepOnce = writing(
  "keep for life",
  `INSERT INTO kept VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = kept.value RETURNING value`,
);

export const beginRun = writing(
  "begin a run",
  `WITH before AS (SELECT is_on FROM runs WHERE server_id = $1)
   INSERT INTO runs VALUES ($1, true) ON CONFLICT (server_id) DO UPDATE SET is_on = true
   RETURNING coalesce((SELECT is_on FROM before), false) AS "wasOn"`,
);

export const endRun = writing("end a run", "UPDATE runs SET is_on = false WHERE server_id = $1");
