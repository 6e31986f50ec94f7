// Atomic, durable writes: after a crash a file has either its old or its new content.
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Returns when the file is on disk, readable only by its owner; throws the system's error when it cannot be written. */
export function writeDurably(path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    inFile(draft, "w", (file) => writeFileSync(file, text));
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
  syncFolder(path);
}

export function removeDurably(path: string): void {
  rmSync(path, { force: true });
  syncFolder(path);
}

function syncFolder(path: string): void {
  inFile(dirname(path), "r", () => {});
}

function inFile(path: string, flags: "r" | "w", work: (file: number) => void): void {
  const file = openSync(path, flags, 0o600);
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
