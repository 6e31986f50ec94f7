// The temporary folders of the harness: each is named after its purpose and remembered until it is deleted.
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

/** The folders that still exist. */
export function temporaryFoldersLeft(): string[] {
  for (const path of made) if (!existsSync(path)) made.delete(path);
  return [...made];
}
