// How much of each part of a cluster is used, and which part is full first. Pure.
import { PAGE_LENGTH } from "../../src/protocol/fields.ts";
import type { Costs } from "./costs.ts";
import { type Cluster, type Habits, HEARTBEAT_SECONDS, type Load } from "./traffic.ts";

/** Wanted use of one server's thread; the rest is for busy minutes. */
const WANTED_USE = 0.5;
/** PostgreSQL's default limit, less those reserved for its administrator; and how many one server opens. */
const DATABASE_CONNECTIONS = 97;
const CONNECTIONS_OF_SERVER = 16;
/** Cores of a database machine. */
const DATABASE_CORES = 16;
/** CPU of one argon2id hash with 19 MiB. */
const HASH_MS = 13;

export const PARTS = ["server", "Redis", "PostgreSQL", "connections"] as const;

export interface Part {
  readonly name: (typeof PARTS)[number];
  /** 1 means full. */
  readonly use: number;
}

/** The fewest servers that carry the requests of the players, not counting news of matches elsewhere. */
export function serversFor(
  players: number,
  habits: Habits,
  { of, heartbeatMs, ownListMs, listedUsers }: Costs,
): number {
  const listMs = (ownListMs * Math.min(players, PAGE_LENGTH)) / listedUsers;
  const matchMs =
    of.begin.serverMs + of.answer.serverMs + of["first result"].serverMs + of["second result"].serverMs;
  const hourMs = habits.logins * of.login.serverMs + habits.lists * listMs + (habits.matches / 2) * matchMs;
  const msPerSecond = hourMs / 3_600 + heartbeatMs / HEARTBEAT_SECONDS;
  return Math.max(1, Math.ceil((players * msPerSecond) / (1_000 * WANTED_USE)));
}

/** Sorted by use, the fullest first. */
export function partsOf(cluster: Cluster, load: Load, costs: Costs): Part[] {
  const { servers, databases, hasPooler } = cluster;
  const databaseUse = Math.max(
    load.busiestDatabaseMs / (1_000 * DATABASE_CORES),
    load.busiestDatabaseCommits / costs.commitsPerSecond,
  );
  const connections = hasPooler ? 0 : servers * CONNECTIONS_OF_SERVER;
  const parts: Part[] = [
    { name: "server", use: load.busiestServerMs / 1_000 },
    { name: "Redis", use: load.busiestShardMs / 1_000 },
    { name: "PostgreSQL", use: databaseUse },
    { name: "connections", use: connections / (DATABASE_CONNECTIONS * databases) },
  ];
  return parts.sort((one, other) => other.use - one.use);
}

export function hashCores({ logins }: Load): number {
  return (logins * HASH_MS) / 1_000;
}
