// The file `velha.db`: its permissions, its lock (one server at a time), and its schema version.
import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { errorText, StartupError } from "../startup-error.ts";
import { migrations } from "./schema.ts";

export interface DatabaseFileOptions {
  /** The most that the file may grow to, in pages of 4,096 bytes; beyond it writes fail as on a full disk. */
  maxPages?: number;
}

export const DATABASE_NAME = "velha.db";

/** Another server, or program, holds the data folder. */
export class FolderInUseError extends StartupError {}

export interface OpenedDatabase {
  readonly database: DatabaseSyncInstance;
  /** Something that the operator should know, though the file can be used. */
  readonly warning: string | null;
}

/** Throws StartupError. */
export function openDatabaseFile(directory: string, { maxPages }: DatabaseFileOptions = {}): OpenedDatabase {
  const path = join(directory, DATABASE_NAME);
  const hasLog = existsSync(`${path}-wal`);
  makePrivate(directory, path);
  const database = new DatabaseSync(path);
  try {
    // Without shared memory (locking_mode before WAL) the lock is held from the first write until close.
    database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
    if (maxPages !== undefined) database.exec(`PRAGMA max_page_count = ${maxPages}`);
    migrate(database, path);
    const isLogMissing = markOpen(database) && !hasLog;
    return { database, warning: isLogMissing ? missingLog(path) : null };
  } catch (cause) {
    if (database.isTransaction) database.exec("ROLLBACK");
    database.close();
    throw cause instanceof StartupError ? cause : startupError(cause, directory, path);
  }
}

function makePrivate(directory: string, path: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // SQLite gives its -wal file the mode of the database itself.
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
  } catch (cause) {
    throw new StartupError(
      `cannot write the data folder ${directory} (${errorText(cause)}); change its permissions or name another with --data`,
      { cause },
    );
  }
}

function missingLog(path: string): string {
  return (
    `${path} was copied or moved without its log ${path}-wal while it was in use, so the newest changes are missing; ` +
    "if you have the log, stop, put it beside the file and start again; copy a running server with velha admin backup"
  );
}

/** Says so in the file itself until it is released; returns whether it said so already. */
function markOpen(database: DatabaseSyncInstance): boolean {
  const wasOpen = database.prepare("SELECT 1 FROM kept WHERE name = 'open'").get() !== undefined;
  database.exec("INSERT OR REPLACE INTO kept VALUES ('open', 'yes')");
  checkpoint(database);
  return wasOpen;
}

/** Copies what is in the log to the file, as far as that is possible now. */
export function checkpoint(database: DatabaseSyncInstance): void {
  database.exec("PRAGMA wal_checkpoint(PASSIVE)");
}

/** A copy is not in use. Throws the error of SQLite. */
export function unmarkOpen(database: DatabaseSyncInstance): void {
  database.exec("DELETE FROM kept WHERE name = 'open'");
}

function startupError(cause: unknown, directory: string, path: string): StartupError {
  if (/locked|busy/i.test(errorText(cause)))
    return new FolderInUseError(
      `the data folder ${directory} is in use by another server; stop that one or name another with --data`,
      { cause },
    );
  return new StartupError(trouble(cause, path), { cause });
}

function trouble(cause: unknown, path: string): string {
  const reason = errorText(cause);
  if (/not a database|malformed/i.test(reason))
    return `${path} is damaged or no database (${reason}); restore a copy or move it away`;
  return `cannot open ${path} (${reason}); free disk space or change its permissions, or name another folder with --data`;
}

function migrate(database: DatabaseSyncInstance, path: string): void {
  database.exec("BEGIN EXCLUSIVE");
  const { user_version: version } = database.prepare("PRAGMA user_version").get() as { user_version: number };
  if (version > migrations.length)
    throw new StartupError(
      `${path} was written by a newer version (schema ${version}, this one knows ${migrations.length}); update velha or name another folder with --data`,
    );
  for (const migration of migrations.slice(version)) database.exec(migration);
  database.exec(`PRAGMA user_version = ${migrations.length}; COMMIT`);
}

/**
 * Closes the file. `close` alone keeps the lock until the statements are garbage-collected, so it is released first; an
 * exclusive lock is released by changing the journal mode.
 */
export function releaseDatabaseFile(database: DatabaseSyncInstance): void {
  try {
    unmarkOpen(database);
    database.exec("PRAGMA journal_mode = DELETE; PRAGMA locking_mode = NORMAL; SELECT 1 FROM kept");
  } catch {
    // A full disk: everything acknowledged is stored, and the lock ends with the process.
  }
  database.close();
}
