// Two clusters for a number of players: today's, with as many servers as needed, and one with changes where today's would
// break. Pure.
import type { Costs } from "./costs.ts";
import { type Part, partsOf, serversFor } from "./needs.ts";
import { type Cluster, type Habits, type Load, simulateTraffic } from "./traffic.ts";

const WANTED_USE = 0.5;
const MOST_PARTS = 1 << 16;

export interface Plan {
  readonly cluster: Cluster;
  readonly load: Load;
  /** Sorted by use, the fullest first. */
  readonly parts: readonly Part[];
}

interface Asked {
  players: number;
  habits: Habits;
  costs: Costs;
  seed: number;
}

/** Every server hears all news, so more servers would not help: there are as many as the players' requests need. */
export function asItIs(asked: Asked): Plan {
  const servers = serversFor(asked.players, asked.habits, asked.costs);
  const kept = { isNewsForAll: true, isListKept: false, hasPooler: false };
  return planned({ players: asked.players, servers, redisShards: 1, databases: 1, ...kept }, asked);
}

/** News goes to the two servers it is for, pages of `list` are kept for a second, a pooler has the connections, Redis and PostgreSQL are divided. */
export function changed(asked: Asked): Plan {
  const { players, habits, costs } = asked;
  let cluster: Cluster = {
    players,
    servers: serversFor(players, habits, costs),
    redisShards: 1,
    databases: 1,
    isNewsForAll: false,
    isListKept: true,
    hasPooler: true,
  };
  for (;;) {
    const plan = planned(cluster, asked);
    const isTooFull = (name: Part["name"]) =>
      plan.parts.some((part) => part.name === name && part.use > WANTED_USE);
    const doubled = {
      ...cluster,
      redisShards: cluster.redisShards * (isTooFull("Redis") ? 2 : 1),
      databases: cluster.databases * (isTooFull("PostgreSQL") ? 2 : 1),
    };
    const isDone = doubled.redisShards === cluster.redisShards && doubled.databases === cluster.databases;
    if (isDone || Math.max(doubled.redisShards, doubled.databases) > MOST_PARTS) return plan;
    cluster = doubled;
  }
}

function planned(cluster: Cluster, { habits, costs, seed }: Asked): Plan {
  const load = simulateTraffic(cluster, habits, costs, seed);
  return { cluster, load, parts: partsOf(cluster, load, costs) };
}
