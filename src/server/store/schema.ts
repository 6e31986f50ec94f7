// The tables, as migrations in order; PRAGMA user_version counts those that were applied to a file.

export const migrations: readonly string[] = [
  `
  CREATE TABLE accounts (
    user TEXT NOT NULL COLLATE NOCASE PRIMARY KEY,
    password_hash TEXT NOT NULL,
    points INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE sessions (
    user TEXT NOT NULL COLLATE NOCASE PRIMARY KEY REFERENCES accounts (user),
    token_hash TEXT NOT NULL UNIQUE,
    expires_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE matches (
    match_id TEXT NOT NULL PRIMARY KEY,
    ticket TEXT NOT NULL,
    inviter TEXT NOT NULL COLLATE NOCASE REFERENCES accounts (user),
    invitee TEXT NOT NULL COLLATE NOCASE REFERENCES accounts (user),
    has_x_abandoned INTEGER NOT NULL DEFAULT 0,
    has_o_abandoned INTEGER NOT NULL DEFAULT 0,
    outcome TEXT CHECK (outcome IN ('X', 'O', 'draw', 'void')),
    basis TEXT CHECK (basis IN ('proof', 'fork', 'judgement'))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX open_matches ON matches (match_id) WHERE outcome IS NULL;
  CREATE TABLE transcripts (
    match_id TEXT NOT NULL REFERENCES matches (match_id),
    actions TEXT NOT NULL,
    PRIMARY KEY (match_id, actions)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE kept (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  `,
  "ALTER TABLE matches ADD COLUMN version INTEGER NOT NULL DEFAULT 0",
  `ALTER TABLE accounts ADD COLUMN standing TEXT NOT NULL DEFAULT 'active'
   CHECK (standing IN ('active', 'banned', 'deleted'))`,
];
