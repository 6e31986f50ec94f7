// The file `log.txt`. Lines are appended to those of earlier runs; only its owner can read it. It can be set aside while the
// server runs.
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorText, StartupError } from "./startup-error.ts";

export interface LogFile {
  /** All lines or none; throws the system's error when they cannot be written. */
  append(lines: string): void;
  close(): void;
}

export interface RotatingLogFile extends LogFile {
  /** Writes to a new file if the one at the path was moved or deleted. Throws StartupError, and writes on. */
  reopen(): void;
  /** Moves what was written to a file with the time in its name, and starts a new one; returns that name. */
  setAside(nowMs: number): string;
  /** Deletes files that were set aside and not written to for that long. */
  removeOlderThan(ageMs: number, nowMs: number): void;
}

const SET_ASIDE = /^log-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d(-\d+)?Z\.txt$/;

/** Throws StartupError when the file cannot be opened. */
export function openLogFile(path: string): RotatingLogFile {
  let file = openedFile(path);
  const reopen = () => {
    const older = file;
    file = openedFile(path);
    closeSync(older);
  };
  return {
    append: (lines) => append(file, Buffer.from(lines)),
    close: () => closeSync(file),
    reopen,
    setAside(nowMs) {
      const name = unusedName(path, new Date(nowMs).toISOString());
      renameSync(path, name);
      reopen();
      return name;
    },
    removeOlderThan(ageMs, nowMs) {
      const folder = dirname(path);
      for (const name of readdirSync(folder).filter((each) => SET_ASIDE.test(each)))
        if (nowMs - statSync(join(folder, name)).mtimeMs > ageMs) rmSync(join(folder, name));
    },
  };
}

function unusedName(path: string, iso: string): string {
  const taken = new Set(readdirSync(dirname(path)));
  const stamp = iso.slice(0, 19).replaceAll(":", "-");
  let name = `log-${stamp}Z.txt`;
  for (let number = 2; taken.has(name); number++) name = `log-${stamp}-${number}Z.txt`;
  return join(dirname(path), name);
}

function append(file: number, bytes: Buffer): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } catch (error) {
    // The part that was written would be an incomplete line.
    if (written > 0) ftruncateSync(file, fstatSync(file).size - written);
    throw error;
  }
}

function openedFile(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (cause) {
    throw new StartupError(
      `cannot write ${path} (${errorText(cause)}); change its permissions or name another folder with --data`,
      { cause },
    );
  }
}
