// `velha admin backup`, `check` and `restore`. The server writes a snapshot into its data folder, the only place where it
// may have to write; the rest is done by the program that the operator started.
import { chmodSync, constants, copyFileSync, existsSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { wallClock } from "../../shared/clock/clock.ts";
import { EventLog } from "../event-log.ts";
import { openLogFile } from "../log-file.ts";
import { errorText } from "../startup-error.ts";
import {
  DATABASE_NAME,
  FolderInUseError,
  openDatabaseFile,
  releaseDatabaseFile,
} from "../store/database-file.ts";
import { problemsOf, syncFile } from "../store/database-snapshot.ts";
import type { StorePlace } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { Refusal } from "./refusal.ts";

/** Its path. */
export async function snapshotOf({ file }: Store): Promise<string[]> {
  if (!file) throw new Refusal("PostgreSQL has tools for that: pg_dump, pg_restore, pg_amcheck");
  return [await file.snapshot()];
}

export function keepBackup(snapshot: string, file: string): string[] {
  try {
    refuseDamaged(snapshot);
    putNew(snapshot, file);
    return [`All that was acknowledged is in ${file}`];
  } finally {
    rmSync(snapshot, { force: true });
  }
}

export function checkCopy(path: string, isSnapshot: boolean): string[] {
  try {
    refuseDamaged(path);
    return [`${isSnapshot ? DATABASE_NAME : path} has no damage`];
  } finally {
    if (isSnapshot) rmSync(path, { force: true });
  }
}

export function restoreBackup(file: string, { dataDirectory, database }: StorePlace): string[] {
  if (database !== undefined) throw new Refusal("PostgreSQL has a tool for that: pg_restore");
  refuseDamaged(file);
  const path = join(dataDirectory, DATABASE_NAME);
  const moved = moveAside(dataDirectory, path);
  putNew(file, path);
  const log = new EventLog(openLogFile(join(dataDirectory, "log.txt")), wallClock);
  log.operator(`restore ${file}`, "done");
  log.close();
  return [`${path} is the copy ${file}`, ...moved.map((name) => `What was there before is ${name}`)];
}

/** Makes the folder if it is missing. Returns the new name of what was there. */
function moveAside(dataDirectory: string, path: string): string[] {
  const existed = existsSync(path);
  try {
    releaseDatabaseFile(openDatabaseFile(dataDirectory).database);
  } catch (error) {
    if (error instanceof FolderInUseError) throw inUse(dataDirectory);
    // Damaged, perhaps: it is moved with its log.
  }
  const name = `${path}.before-${new Date().toISOString().replace(/[:.]/g, "-")}`;
  for (const suffix of ["", "-wal"]) {
    if (!existsSync(`${path}${suffix}`)) continue;
    if (existed) renameSync(`${path}${suffix}`, `${name}${suffix}`);
    else rmSync(`${path}${suffix}`);
  }
  return existed ? [name] : [];
}

function inUse(dataDirectory: string): Refusal {
  return new Refusal(`a server runs on ${dataDirectory}; stop it first`);
}

function refuseDamaged(path: string): void {
  const problems = problemsOf(path);
  if (problems.length > 0) throw new Refusal(`${path}: ${problems.join("; ")}`);
}

/** Completely or not at all, and never over an existing file. */
function putNew(from: string, to: string): void {
  const unfinished = `${to}.unfinished`;
  if (existsSync(to)) throw new Refusal(`${to} exists; name a new file`);
  try {
    copyFileSync(from, unfinished, constants.COPYFILE_FICLONE);
    chmodSync(unfinished, 0o600);
    syncFile(unfinished);
    renameSync(unfinished, to);
    syncFile(dirname(to));
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw new Refusal(`cannot write ${to} (${errorText(error)})`);
  }
}
