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

interface PlanRequest {
  players: number;
  habits: Habits;
  costs: Costs;
  seed: number;
}

/** Every server hears all news, so more servers would not help: there are as many as the players' requests need. */
export function asItIs(request: PlanRequest): Plan {
  const { players, habits, costs } = request;
  const cluster: Cluster = {
    players,
    servers: serversFor(players, habits, costs),
    redisShards: 1,
    databases: 1,
    isNewsForAll: true,
    isListCached: false,
    hasPooler: false,
  };
  return planned(cluster, request);
}

/**
 * News goes only to the two servers concerned, pages of `list` are cached for a second, a pooler has the connections, and
 * Redis and PostgreSQL are sharded.
 */
export function changed(request: PlanRequest): Plan {
  const { players, habits, costs } = request;
  let cluster: Cluster = {
    players,
    servers: serversFor(players, habits, costs),
    redisShards: 1,
    databases: 1,
    isNewsForAll: false,
    isListCached: true,
    hasPooler: true,
  };
  for (;;) {
    const plan = planned(cluster, request);
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

function planned(cluster: Cluster, { habits, costs, seed }: PlanRequest): Plan {
  const load = simulateTraffic(cluster, habits, costs, seed);
  return { cluster, load, parts: partsOf(cluster, load, costs) };
}
