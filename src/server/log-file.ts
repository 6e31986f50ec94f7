// The file `log.txt`. Lines are appended to those of earlier runs; only its owner can read it.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { errorText, StartupError } from "./startup-error.ts";

export interface LogFile {
  /** All lines or none; throws the system's error when they cannot be written. */
  append(lines: string): void;
  close(): void;
}

/** Throws StartupError when the file cannot be opened. */
export function openLogFile(path: string): LogFile {
  const file = openedFile(path);
  return { append: (lines) => append(file, Buffer.from(lines)), close: () => closeSync(file) };
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
