// Which matches had their outcome on disk at the moment of a kill. Read from a copy: the next start has to find the
// server's own files as they were left.
import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";

export function settledOnDisk(dataDirectory: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "velha-torture-copy-"));
  try {
    for (const file of ["velha.db", "velha.db-wal"]) {
      const from = join(dataDirectory, file);
      if (existsSync(from)) copyFileSync(from, join(folder, file));
    }
    const database = new DatabaseSync(join(folder, "velha.db"));
    const rows = database.prepare("SELECT match_id AS matchId FROM matches WHERE outcome IS NOT NULL").all();
    database.close();
    return (rows as { matchId: string }[]).map(({ matchId }) => matchId);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
