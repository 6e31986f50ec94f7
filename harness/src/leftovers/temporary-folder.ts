// The temporary folders of the harness: each is named for what it is for, and known until it is gone.
import { existsSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const made = new Set<string>();

export async function makeTemporaryFolder(purpose: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), `${purpose}-`));
  made.add(path);
  return path;
}

/** Those that were made and are still there. */
export function temporaryFoldersLeft(): string[] {
  for (const path of made) if (!existsSync(path)) made.delete(path);
  return [...made];
}
