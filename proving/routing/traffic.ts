// A seeded simulation of where operations land: players are spread over servers and draw opponents; every operation is
// counted at its server, Redis shard and database. costs.ts has what each operation costs.

import { PAGE_LENGTH } from "../../src/protocol/fields.ts";
import { seededChance } from "../../src/shared/chance/chance.ts";
import type { Cost, Costs, Operation } from "./costs.ts";

export interface Cluster {
  readonly players: number;
  readonly servers: number;
  readonly redisShards: number;
  readonly databases: number;
  /** News of each match goes to all servers; otherwise to the two servers of its players. */
  readonly isNewsForAll: boolean;
  /** Each server caches a page of `list` for a second. */
  readonly isListCached: boolean;
  /** A pooler shares a few connections to PostgreSQL among all servers. */
  readonly hasPooler: boolean;
}

/** Operations of one player in an hour. */
export interface Habits {
  readonly logins: number;
  readonly matches: number;
  readonly lists: number;
  /** The share of opponents that are chosen on the own server. */
  readonly locality: number;
}

/** Per second; for servers, shards and databases that of the busiest one. */
export interface Load {
  readonly seconds: number;
  readonly matches: number;
  readonly matchesAcross: number;
  readonly busiestServerMs: number;
  /** Of `busiestServerMs`, news of matches on other servers. */
  readonly newsMs: number;
  readonly redisCommands: number;
  readonly busiestShardMs: number;
  readonly commits: number;
  readonly busiestDatabaseMs: number;
  readonly busiestDatabaseCommits: number;
  readonly logins: number;
}

const FEWEST_EVENTS = 200_000;
export const HEARTBEAT_SECONDS = 10;
/** Assumed CPU of Redis for each server that receives a message, in ms: one small write. */
const DELIVERY_MS = 0.005;
/** Spreads neighbouring players over shards. */
const STRIDE = 0x9e3779b1;

export function simulateTraffic(cluster: Cluster, habits: Habits, costs: Costs, seed: number): Load {
  const { players, servers, redisShards, databases, isNewsForAll, isListCached } = cluster;
  const { fraction } = seededChance(seed, "routing");
  const below = (limit: number) => Math.floor(fraction() * limit);
  const matchesAnHour = habits.matches / 2;
  const eventsPerSecond = (players * (habits.logins + habits.lists + matchesAnHour)) / 3_600;
  const seconds = Math.max(1, FEWEST_EVENTS / eventsPerSecond);
  const serverMs = new Float64Array(servers);
  const shardMs = new Float64Array(redisShards);
  const databaseMs = new Float64Array(databases);
  const databaseCommits = new Float64Array(databases);
  const totals = { redisCommands: 0, commits: 0, matchesAcross: 0 };
  const add = (to: Float64Array, at: number, ms: number) => {
    to[at] = (to[at] ?? 0) + ms;
  };
  const serverOf = (player: number) => player % servers;
  const shardOf = (player: number) => (Math.imul(player, STRIDE) >>> 0) % redisShards;
  /** Half of the servers' CPU is spent at the other player's server, if there is one. */
  const count = (cost: Cost, player: number, other = player, parts = 1) => {
    for (const each of [player, other]) {
      add(serverMs, serverOf(each), (cost.serverMs * parts) / 2);
      add(shardMs, shardOf(each), (cost.redisMs * parts) / 2);
    }
    add(databaseMs, player % databases, cost.databaseMs);
    add(databaseCommits, player % databases, cost.commits);
    totals.redisCommands += cost.redisCommands;
    totals.commits += cost.commits;
  };

  const opponentOf = (player: number) => {
    if (fraction() >= habits.locality) return below(players);
    return (serverOf(player) + servers * below(Math.ceil(players / servers))) % players;
  };
  const matchOperations: Operation[] = ["begin", "answer", "first result", "second result"];
  const matches = Math.round((players * matchesAnHour * seconds) / 3_600);
  for (let number = 0; number < matches; number++) {
    const inviter = below(players);
    const invitee = opponentOf(inviter);
    if (serverOf(inviter) !== serverOf(invitee)) totals.matchesAcross += 1;
    for (const operation of matchOperations) count(costs.of[operation], inviter, invitee);
  }
  const logins = Math.round((players * habits.logins * seconds) / 3_600);
  for (let number = 0; number < logins; number++) count(costs.of.login, below(players));

  const pageParts = Math.min(players, PAGE_LENGTH) / costs.listedUsers;
  const lists = Math.round((players * habits.lists * seconds) / 3_600);
  const asked = isListCached ? Math.min(lists, Math.round(servers * seconds)) : lists;
  for (let number = 0; number < asked; number++) count(costs.of.list, below(players), undefined, pageParts);
  for (let number = asked; number < lists; number++)
    add(serverMs, serverOf(below(players)), costs.ownListMs * pageParts);

  const heardMs = matchOperations.reduce((sum, operation) => sum + costs.of[operation].hearingMs, 0);
  const newsMs = isNewsForAll && servers > 1 ? (heardMs * matches) / seconds : 0;
  const hearers = isNewsForAll ? servers : Math.min(servers, 2);
  // Two messages for each match: it has begun, it is settled.
  const deliveriesMs = (2 * matches * hearers * DELIVERY_MS) / seconds / redisShards;
  const heartbeatsMs = ((players / servers) * costs.heartbeatMs) / HEARTBEAT_SECONDS;
  const renewalsMs = (servers * costs.renewalMs) / redisShards;
  return {
    seconds,
    matches: matches / seconds,
    matchesAcross: totals.matchesAcross / seconds,
    busiestServerMs: greatest(serverMs) / seconds + newsMs + heartbeatsMs,
    newsMs,
    redisCommands: totals.redisCommands / seconds,
    busiestShardMs: greatest(shardMs) / seconds + deliveriesMs + renewalsMs,
    commits: totals.commits / seconds,
    busiestDatabaseMs: greatest(databaseMs) / seconds,
    busiestDatabaseCommits: greatest(databaseCommits) / seconds,
    logins: logins / seconds,
  };
}

function greatest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
