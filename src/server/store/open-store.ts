// Opens the store: a file in the data folder, or the database of a given address, whose client is loaded only then.
import { serverIdOf } from "../server-id.ts";
import { openStore as openSqliteStore } from "./sqlite-store.ts";
import type { Store } from "./store.ts";
import type { StoreHealth } from "./store-trouble.ts";

export interface StorePlace {
  dataDirectory: string;
  /** `postgres://…` */
  database?: string | undefined;
}

/** Throws StartupError. */
export async function openStoreAt(
  { dataDirectory, database }: StorePlace,
  health: StoreHealth = {},
): Promise<Store> {
  if (database === undefined) return openSqliteStore(dataDirectory, health);
  const { openPostgresStore } = await import("./postgres-store.ts");
  return openPostgresStore(database, { ...health, serverId: serverIdOf(dataDirectory) });
}
