// The tables in PostgreSQL, as migrations in order; `schema_version` counts those that were applied to a database. Times
// are those of the server that wrote them.

export const migrations: readonly string[] = [
  // A user's only session is part of the account, so that a login, a logout and a change of password are serialized on
  // one row.
  `
  CREATE TABLE accounts (
    user_key text COLLATE "C" PRIMARY KEY,
    user_name text NOT NULL CHECK (lower(user_name) = user_key),
    password_hash text NOT NULL,
    points bigint NOT NULL,
    token_hash text,
    token_expires_at_ms bigint
  );
  CREATE UNIQUE INDEX accounts_token ON accounts (token_hash) WHERE token_hash IS NOT NULL;
  CREATE TABLE matches (
    match_id text COLLATE "C" PRIMARY KEY,
    ticket text NOT NULL,
    inviter text NOT NULL,
    invitee text NOT NULL,
    inviter_key text COLLATE "C" NOT NULL REFERENCES accounts (user_key),
    invitee_key text COLLATE "C" NOT NULL REFERENCES accounts (user_key),
    has_x_abandoned boolean NOT NULL DEFAULT false,
    has_o_abandoned boolean NOT NULL DEFAULT false,
    outcome text CHECK (outcome IN ('X', 'O', 'draw', 'void')),
    basis text CHECK (basis IN ('proof', 'fork', 'judgement')),
    version integer NOT NULL DEFAULT 0
  );
  CREATE INDEX open_matches_of_inviter ON matches (inviter_key) WHERE outcome IS NULL;
  CREATE INDEX open_matches_of_invitee ON matches (invitee_key) WHERE outcome IS NULL;
  CREATE TABLE transcripts (
    match_id text COLLATE "C" NOT NULL REFERENCES matches (match_id),
    actions text COLLATE "C" NOT NULL,
    PRIMARY KEY (match_id, actions)
  );
  CREATE TABLE kept (
    name text PRIMARY KEY,
    value text NOT NULL
  );
  CREATE TABLE runs (
    server_id text PRIMARY KEY,
    is_on boolean NOT NULL
  );
  `,
  `ALTER TABLE accounts ADD COLUMN standing text NOT NULL DEFAULT 'active'
   CHECK (standing IN ('active', 'banned', 'deleted'))`,
];
