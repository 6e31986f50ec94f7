// What is killed and whose store is read: one server with its file, or the servers of one game with their database.
import { join } from "node:path";
import { KilledServer } from "./killed-server.ts";
import { openKeptDatabase } from "./postgres-contents.ts";
import { readStore, type StoreContents, settledOnDisk } from "./store-contents.ts";

export interface Victim {
  /** Killed in turn. */
  readonly servers: readonly [KilledServer, ...KilledServer[]];
  /** The file that a commit writes to, null where none can be watched. */
  readonly storeLog: string | null;
  /** The ids of the matches whose outcome is on disk. */
  settled(): Promise<readonly string[]>;
  /** Call it when all servers have ended. */
  contents(): Promise<StoreContents>;
}

export function loneServer(port: number, folder: string): Victim {
  const server = new KilledServer(port, folder);
  const { dataDirectory } = server;
  return {
    servers: [server],
    storeLog: join(dataDirectory, "velha.db-wal"),
    settled: async () => settledOnDisk(dataDirectory),
    contents: async () => readStore(dataDirectory),
  };
}

/** One server for each port. Throws when the database is missing or has accounts. */
export async function serversOfOneGame(
  [port, ...ports]: readonly [number, ...number[]],
  folder: string,
  { database, presence }: { database: string; presence: string },
): Promise<Victim> {
  const kept = await openKeptDatabase(database);
  const start = (its: number) =>
    new KilledServer(its, join(folder, String(its)), ["--database", database, "--presence", presence]);
  return {
    servers: [start(port), ...ports.map(start)],
    storeLog: null,
    settled: kept.settled,
    async contents() {
      try {
        return await kept.contents();
      } finally {
        await kept.close();
      }
    },
  };
}
