// Costs with round figures, so that every sum can be checked by hand.
import { expect, test } from "vitest";
import type { Cost, Costs } from "./costs.ts";
import { partsOf } from "./needs.ts";
import { asItIs, changed } from "./plans.ts";
import { type Cluster, simulateTraffic } from "./traffic.ts";

const free: Cost = {
  serverMs: 0,
  hearingMs: 0,
  redisMs: 0,
  redisCommands: 0,
  databaseMs: 0,
  commits: 0,
};
const costs: Costs = {
  of: {
    login: { ...free, serverMs: 4, redisMs: 0.1, redisCommands: 1, commits: 1, databaseMs: 1 },
    list: { ...free, serverMs: 1, redisMs: 0.1, redisCommands: 1 },
    begin: { ...free, serverMs: 1, redisCommands: 2, redisMs: 0.1 },
    answer: { ...free, serverMs: 1, hearingMs: 0.3, redisCommands: 5, commits: 1, redisMs: 0.1 },
    "first result": { ...free, serverMs: 2, hearingMs: 0.2, redisCommands: 4, commits: 1, redisMs: 0.1 },
    "second result": { ...free, serverMs: 2 },
  },
  heartbeatMs: 0.05,
  ownListMs: 0.1,
  renewalMs: 0.1,
  commitsPerSecond: 2_000,
  listedUsers: 1_000,
};
const habits = { logins: 1, matches: 6, lists: 12, locality: 0 };
const cluster: Cluster = {
  players: 36_000,
  servers: 4,
  redisShards: 1,
  databases: 1,
  isNewsForAll: true,
  isListCached: false,
  hasPooler: false,
};

test("36,000 players with six matches an hour start 30 matches a second, three of four of them between two of four servers", () => {
  const load = simulateTraffic(cluster, habits, costs, 1);
  expect(load.matches).toBeCloseTo(30, 1);
  expect(load.matchesAcross / load.matches).toBeCloseTo(0.75, 1);
  expect(load.commits).toBeCloseTo(30 * 2 + 10, 0);
  expect(load.redisCommands).toBeCloseTo(30 * 11 + 10 + 120, 0);
});

test("Every server hears of every match, whatever the number of servers", () => {
  const newsOf = (servers: number) => simulateTraffic({ ...cluster, servers }, habits, costs, 1).newsMs;
  expect(newsOf(4)).toBeCloseTo(30 * 0.5, 0);
  expect(newsOf(400)).toBe(newsOf(4));
  expect(simulateTraffic({ ...cluster, isNewsForAll: false }, habits, costs, 1).newsMs).toBe(0);
});

test("Players who choose opponents on their own server play no match between servers, and a cached list costs Redis one command a second", () => {
  const load = simulateTraffic({ ...cluster, isListCached: true }, { ...habits, locality: 1 }, costs, 1);
  expect(load.matchesAcross).toBe(0);
  expect(load.redisCommands).toBeCloseTo(30 * 11 + 10 + 4, 0);
});

test("The same seed gives the same load", () => {
  expect(simulateTraffic(cluster, habits, costs, 7)).toEqual(simulateTraffic(cluster, habits, costs, 7));
});

test("The fullest part comes first: with many servers it is PostgreSQL's connections", () => {
  const many = { ...cluster, servers: 20 };
  const [first] = partsOf(many, simulateTraffic(many, habits, costs, 1), costs);
  expect(first).toEqual({ name: "connections", use: (20 * 16) / 97 });
});

test("The changed cluster carries a million players, and today's does not", () => {
  const asked = { players: 1_000_000, habits, costs, seed: 1 };
  expect(asItIs(asked).parts[0]?.use).toBeGreaterThan(1);
  expect(changed(asked).parts[0]?.use).toBeLessThan(1);
});

test("Shards share the commands evenly", () => {
  const divided = { ...cluster, players: 100_000_000, servers: 1_000, redisShards: 64, isNewsForAll: false };
  const { busiestShardMs, redisCommands } = simulateTraffic(divided, habits, costs, 1);
  // No command costs more than 0.1 ms, so an even share is at most that of a 64th of them.
  expect(busiestShardMs).toBeLessThan((1.2 * redisCommands * 0.1) / 64);
});
