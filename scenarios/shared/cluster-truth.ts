// What PostgreSQL holds at the end of a run, against what the bots say that they played: each difference has to be 0.
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

/** A leaderboard that was made while points were added lives 10 s. */
const MENDED_WITHIN_MS = 15_000;
const LOOK_AGAIN_MS = 500;
const UNPLAYED = "matches played, but not in PostgreSQL";
const UNKNOWN = "matches won, lost or drawn in PostgreSQL, but not played";
const POINTS_OFF = "points in PostgreSQL, against what was played";
const LEADERS_OFF = "points that the servers show, against PostgreSQL";
/** Begun, then never played: an answer that nobody heard, say. Told, for they count for nobody. */
const BEGUN_ONLY = "matches begun, but not played";

interface Ended {
  backends: Backends;
  /** They still run. */
  servers: readonly ClusterServer[];
  botsReport: string;
}

/** `botsReport` is the file in which the bots tell every match of theirs. */
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

/** Judges what `compareWithPostgres` found. */
export const postgresAgrees: Check[] = [
  figureAtMost(UNPLAYED, 0, "A result was acknowledged and is lost: look for it in the servers' logs."),
  figureAtMost(UNKNOWN, 0, "A result counts that nobody gave, or counts twice."),
  figureAtMost(POINTS_OFF, 0, "Points were given twice or not at all: compare accounts with matches."),
  figureAtMost(LEADERS_OFF, 0, "The leaderboard in Redis missed a result, or was not made anew."),
];

/** How many points the servers are off, once what mends itself has. */
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

/** How many of `some` are not among `others`, each as often as it is there. */
function missing(some: Map<string, number>, others: Map<string, number>): number {
  return [...some].reduce((sum, [key, count]) => sum + Math.max(0, count - (others.get(key) ?? 0)), 0);
}
