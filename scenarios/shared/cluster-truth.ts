// Compares PostgreSQL at the end of a run with the matches that the bots report: each difference must be 0.
import { readFile } from "node:fs/promises";
import { type Check, figureAtMost, type ScenarioContext } from "fiel";
import type { Backends, ClusterServer } from "./cluster.ts";
import { sql } from "./cluster-cost.ts";
import { leaders } from "./cluster-presence.ts";

interface Played {
  x: string;
  o: string;
  outcome: string;
}

const POINTS: Record<string, { x: number; o: number }> = {
  X: { x: 2, o: 0 },
  O: { x: 0, o: 2 },
  draw: { x: 1, o: 1 },
};

/** A leaderboard that was rebuilt while points were added is replaced after 10 s. */
const MENDED_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 500;
const UNPLAYED = "matches played but missing in PostgreSQL";
const UNKNOWN = "matches with an outcome in PostgreSQL that were not played";
const POINTS_OFF = "difference of points, PostgreSQL and matches played";
const LEADERS_OFF = "difference of points, leaderboard and PostgreSQL";
/** Begun and never played, for example after a lost answer. Reported only, as they count for nobody. */
const BEGUN_ONLY = "matches begun but not played";

interface Ended {
  backends: Backends;
  /** They are still running. */
  servers: readonly ClusterServer[];
  botsReport: string;
}

/** `botsReport` is the file in which the bots report all their matches. */
export async function compareWithPostgres(
  context: ScenarioContext,
  { backends: { databasePort }, servers, botsReport }: Ended,
): Promise<void> {
  const { played } = JSON.parse(await readFile(botsReport, "utf8")) as { played: Played[] };
  const matches = rowsOf(
    await sql(databasePort, "SELECT inviter, invitee, coalesce(outcome, 'none') FROM matches"),
  );
  const accounts = rowsOf(await sql(databasePort, "SELECT user_name, points FROM accounts"));

  const wanted = counted(played.map(({ x, o, outcome }) => `${x}|${o}|${outcome}`));
  const counting = matches.filter(([, , outcome = ""]) => outcome in POINTS);
  const found = counted(counting.map((row) => row.join("|")));
  const points = new Map(accounts.map(([user = "", count]) => [user, Number(count)]));
  const shownOff = await leadersOff(context, servers, points);
  for (const { x, o, outcome } of played) {
    const given = POINTS[outcome] ?? { x: 0, o: 0 };
    points.set(x, (points.get(x) ?? 0) - given.x);
    points.set(o, (points.get(o) ?? 0) - given.o);
  }
  const figure = (name: string, unit: string, value: number) =>
    context.figure({ name, unit, values: [value] });
  figure(UNPLAYED, "matches", missing(wanted, found));
  figure(UNKNOWN, "matches", missing(found, wanted));
  figure(
    POINTS_OFF,
    "points",
    [...points.values()].reduce((sum, off) => sum + Math.abs(off), 0),
  );
  figure(LEADERS_OFF, "points", shownOff);
  figure(BEGUN_ONLY, "matches", matches.length - counting.length);
}

/** Checks for the figures of `compareWithPostgres`. */
export const postgresAgrees: Check[] = [
  figureAtMost(UNPLAYED, 0, "An acknowledged result is lost: look for it in the servers' logs."),
  figureAtMost(UNKNOWN, 0, "A result counts that nobody reported, or counts twice."),
  figureAtMost(POINTS_OFF, 0, "Points were added twice or not at all: compare accounts with matches."),
  figureAtMost(LEADERS_OFF, 0, "The leaderboard in Redis missed a result, or was not rebuilt."),
];

/** The difference once the servers have had time to correct it. */
async function leadersOff(
  context: ScenarioContext,
  servers: readonly ClusterServer[],
  points: ReadonlyMap<string, number>,
): Promise<number> {
  const giveUpMs = performance.now() + MENDED_WITHIN_MS;
  for (;;) {
    const shown = await Promise.all(servers.map(leaders));
    const off = shown
      .flatMap((each) => [...points].map(([user, count]) => Math.abs((each.get(user) ?? 0) - count)))
      .reduce((sum, each) => sum + each, 0);
    if (off === 0 || performance.now() > giveUpMs) return off;
    await context.pause(LOOK_AGAIN_MS);
  }
}

function rowsOf(answer: string): string[][] {
  return answer.split("\n").flatMap((line) => (line === "" ? [] : [line.split("|")]));
}

function counted(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** How many of `some` are missing in `others`, counting duplicates. */
function missing(some: Map<string, number>, others: Map<string, number>): number {
  return [...some].reduce((sum, [key, count]) => sum + Math.max(0, count - (others.get(key) ?? 0)), 0);
}
