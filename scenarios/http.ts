import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  defineScenario,
  exitedCleanly,
  figureAtLeast,
  figureAtMost,
  quantile,
  type ScenarioContext,
  timing,
} from "fiel";
import { bringCrowd, openDoors, unwatched } from "./shared/crowd.ts";
import { p99TimesBaseline, putFigure } from "./shared/figures.ts";
import { options, programs } from "./shared/programs.ts";
import { flows, startServer } from "./shared/velha.ts";

const HTTP_CONNECTIONS = 20;
const HEARTBEAT_SECONDS = 1;
const THINK_SECONDS = 0.2;
/** More than they can play in this time. */
const MATCHES = 5_000;
/** By then code is compiled and everybody plays. */
const WARM_UP_MS = 3_000;
/** The latencies that are compared; `command` is their name in the bots' file. */
const LATENCIES = [
  { command: "move", name: "move" },
  { command: "heartbeat", name: "heartbeat lateness" },
  { command: "result", name: "result" },
] as const;
/** The fewest moves for a meaningful 99th percentile. */
const FEWEST_MOVES = 200;

/** Milliseconds since 1970. */
interface Stretch {
  fromMs: number;
  toMs: number;
}

interface Load extends Stretch {
  requestsPerSecond: number;
  answerP99Ms: number;
}

export default defineScenario({
  name: "http",
  title: "The HTTP surface under load during matches",
  description:
    "100 players play while autocannon loads the HTTP surface in every second stretch of 3 s: how much moves and heartbeats slow down, 45 s.",
  durationSeconds: 45,
  settings: { players: 100, rounds: 5, stretchSeconds: 3 },
  countsBytes: false,
  flows,
  async run(context) {
    const { players = 2, rounds = 1, stretchSeconds = 1 } = context.settings;
    context.phase("start");
    const httpPort = await context.freePort();
    const server = await startServer(context, {
      args: ["--http", `${httpPort}`, "--heartbeat", `${HEARTBEAT_SECONDS}`, ...openDoors],
      environment: unwatched,
    });
    const latencyFile = join(context.directory, "latencies.csv");
    const bots = await bringCrowd(context, server, {
      clients: players,
      args: ["--matches", `${MATCHES}`, "--think", `${THINK_SECONDS}`, "--latencies", latencyFile],
      isPinned: false,
    });
    await context.pause(WARM_UP_MS);
    const calm: Stretch[] = [];
    const loads: Load[] = [];
    for (let round = 1; round <= rounds; round++) {
      context.phase(`calm ${round}`);
      const fromMs = Date.now();
      await context.pause(stretchSeconds * 1_000);
      calm.push({ fromMs, toMs: Date.now() });
      context.phase(`load ${round}`);
      loads.push(await load(context, `load-${round}`, httpPort, stretchSeconds));
    }
    context.phase("stop");
    bots.signal("SIGTERM");
    await bots.ended();
    await server.program.stop();
    keepFigures(context, calm, loads, await readLatencies(latencyFile));
  },
  checks: [
    exitedCleanly("server"),
    figureAtLeast("HTTP requests", 100, "Profile the server with --cpu-prof."),
    figureAtLeast(
      "fewest moves in one stretch of load",
      FEWEST_MOVES,
      "The players must play all the time: see what the bots print.",
    ),
    ...LATENCIES.filter(({ command }) => command !== "result").map(({ name }) =>
      timing(
        figureAtMost(
          `${name} p99, loaded / calm`,
          2,
          "Let src/server/http/pace.ts admit fewer requests at a time.",
        ),
      ),
    ),
  ],
});

async function load(context: ScenarioContext, id: string, httpPort: number, seconds: number): Promise<Load> {
  const program = await context.start({
    id,
    command: [
      "node",
      programs.autocannon,
      ...options({ json: true, "no-progress": true, connections: HTTP_CONNECTIONS, duration: seconds }),
      `http://127.0.0.1:${httpPort}/api/players`,
    ],
    environment: unwatched,
  });
  const [line] = await program.sees(/^\{.*\}$/);
  await program.ended();
  const { start, finish, requests, latency } = JSON.parse(line) as {
    start: string;
    finish: string;
    requests: { average: number };
    latency: { p99: number };
  };
  return {
    fromMs: Date.parse(start),
    toMs: Date.parse(finish),
    requestsPerSecond: requests.average,
    answerP99Ms: latency.p99,
  };
}

interface Latency {
  atMs: number;
  command: string;
  latencyMs: number;
}

async function readLatencies(file: string): Promise<Latency[]> {
  const [, ...rows] = (await readFile(file, "utf8")).trim().split("\n");
  return rows.map((row) => {
    const [atMs, command = "", latencyMs] = row.split(",");
    return { atMs: Number(atMs), command, latencyMs: Number(latencyMs) };
  });
}

/** Each load follows a calm stretch, so that other work on the machine affects both. */
function keepFigures(
  context: ScenarioContext,
  calm: readonly Stretch[],
  loads: readonly Load[],
  latencies: readonly Latency[],
): void {
  const within = ({ fromMs, toMs }: Stretch, wanted: string) =>
    latencies
      .filter(({ atMs, command }) => command === wanted && atMs >= fromMs && atMs <= toMs)
      .map(({ latencyMs }) => latencyMs);
  const figure = (name: string, unit: string, values: number[]) => putFigure(context, { name, unit, values });
  figure(
    "HTTP requests",
    "/s",
    loads.map(({ requestsPerSecond }) => requestsPerSecond),
  );
  figure(
    "HTTP answer p99",
    "ms",
    loads.map(({ answerP99Ms }) => answerP99Ms),
  );
  figure("fewest moves in one stretch of load", "", [
    Math.min(...loads.map((one) => within(one, "move").length)),
  ]);
  for (const { command, name } of LATENCIES) {
    const rounds = loads.map((load, number) => ({
      values: within(load, command),
      baseline: within(calm[number]!, command),
    }));
    const p99Of = (latenciesMs: number[]) => quantile(latenciesMs, 0.99);
    figure(
      `${name} p99, calm`,
      "ms",
      rounds.map(({ baseline }) => p99Of(baseline)),
    );
    figure(
      `${name} p99, loaded`,
      "ms",
      rounds.map(({ values }) => p99Of(values)),
    );
    figure(`${name} p99, loaded / calm`, "×", p99TimesBaseline(rounds));
  }
}
