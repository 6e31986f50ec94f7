// Copies of `velha.db`: how one is taken while the server writes, and whether one can be used.
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { backup, DatabaseSync, type DatabaseSyncInstance } from "@photostructure/sqlite";
import { errorText } from "../startup-error.ts";
import { unmarkOpen } from "./database-file.ts";
import { migrations } from "./schema.ts";

/** Pages of 4 KB that are copied while writes wait. */
const PAGES_AT_ONCE = 200;

const SNAPSHOT = /^snapshot-[0-9a-f]{16}\.db/;
/** Whoever asked for it has taken it away by then, or never will. */
const LEFT_BEHIND_MS = 3_600_000;

/** What is written meanwhile is copied too: the copy is what was committed when its last page was copied. */
export async function takeSnapshot(source: DatabaseSyncInstance, directory: string): Promise<string> {
  removeLeftBehind(directory);
  const path = join(directory, `snapshot-${randomBytes(8).toString("hex")}.db`);
  closeSync(openSync(path, "wx", 0o600));
  await backup(source, path, { rate: PAGES_AT_ONCE });
  const copy = new DatabaseSync(path);
  try {
    copy.exec("PRAGMA journal_mode = DELETE");
    unmarkOpen(copy);
  } finally {
    copy.close();
  }
  syncFile(path);
  return path;
}

function removeLeftBehind(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (SNAPSHOT.test(name) && Date.now() - statSync(path).mtimeMs > LEFT_BEHIND_MS) rmSync(path);
  }
}

export function syncFile(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** What is wrong with a copy; nothing: it can be used. */
export function problemsOf(path: string): string[] {
  let copy: DatabaseSyncInstance | null = null;
  try {
    copy = new DatabaseSync(path, { readOnly: true });
    const rows = (sql: string) =>
      (copy as DatabaseSyncInstance).prepare(sql).all() as Record<string, unknown>[];
    const [{ user_version: version = 0 } = {}] = rows("PRAGMA user_version") as { user_version: number }[];
    if (version < 1) return ["it is no database of velha"];
    if (version > migrations.length)
      return [`it was written by a newer version (schema ${version}, this one knows ${migrations.length})`];
    const damage = rows("PRAGMA integrity_check").map((row) => String(row.integrity_check));
    const strays = rows("PRAGMA foreign_key_check").map(
      (row) => `a row of ${row.table} belongs to none of ${row.parent}`,
    );
    const hasKey = rows("SELECT 1 FROM kept WHERE name = 'ticket key'").length > 0;
    const keyless = hasKey ? [] : ["it has no ticket key: no result of its matches can be verified"];
    return [...damage.filter((problem) => problem !== "ok"), ...strays, ...keyless];
  } catch (error) {
    return [`it cannot be read (${errorText(error)})`];
  } finally {
    copy?.close();
  }
}
