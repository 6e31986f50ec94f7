// The file behind `log.txt`. Lines are added to what earlier runs wrote; its owner alone can read it.
import { closeSync, openSync, writeSync } from "node:fs";
import { errorText, StartupError } from "./startup-error.ts";

export interface LogFile {
  /** Throws the system's error when the lines cannot be written. */
  append(lines: string): void;
  close(): void;
}

/** Throws StartupError when the file cannot be had. */
export function openLogFile(path: string): LogFile {
  const file = openedFile(path);
  return { append: (lines) => writeSync(file, lines), close: () => closeSync(file) };
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
