// The file behind `log.txt`. Lines are added to what earlier runs wrote; its owner alone can read it.
import { closeSync, fstatSync, ftruncateSync, openSync, writeSync } from "node:fs";
import { errorText, StartupError } from "./startup-error.ts";

export interface LogFile {
  /** All of them or, when they cannot be written, none: then it throws the system's error. */
  append(lines: string): void;
  close(): void;
}

/** Throws StartupError when the file cannot be had. */
export function openLogFile(path: string): LogFile {
  const file = openedFile(path);
  return { append: (lines) => append(file, Buffer.from(lines)), close: () => closeSync(file) };
}

function append(file: number, bytes: Buffer): void {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } catch (error) {
    // What still had room would be a line cut short.
    if (written > 0) ftruncateSync(file, fstatSync(file).size - written);
    throw error;
  }
}

function openedFile(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch (cause) {
    throw new StartupError(
      `cannot write ${path} (${errorText(cause)}); mend its rights or name another folder with --data`,
      { cause },
    );
  }
}
