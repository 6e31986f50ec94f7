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
import { programs } from "./shared/programs.ts";
import { flows, startServer } from "./shared/velha.ts";

const HTTP_CONNECTIONS = 20;
const HEARTBEAT_SECONDS = 1;
const THINK_SECONDS = 0.2;
/** More than they come to. */
const MATCHES = 5_000;
/** Code is compiled and everybody plays by then. */
const WARM_UP_MS = 3_000;
/** What the players' figures are told of; `command` is the bots' word for it. */
const told = [
  { command: "move", name: "move" },
  { command: "heartbeat", name: "heartbeat lateness" },
  { command: "result", name: "result" },
] as const;
/** From which on a 99th percentile says something. */
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
  title: "The live page's server under load while people play",
  description:
    "100 players play all through; autocannon loads the HTTP surface in every second stretch of 3 s: what it costs their moves and heartbeats, 45 s.",
  durationSeconds: 45,
  settings: { players: 100, rounds: 5, stretchSeconds: 3 },
  flows: [{ name: "http", label: "HTTP", firstLine: /^GET / }, ...flows],
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
    tellFigures(context, calm, loads, await readLatencies(latencyFile));
  },
  checks: [
    exitedCleanly("server"),
    figureAtLeast("HTTP requests", 100, "Profile the server with --cpu-prof."),
    figureAtLeast(
      "moves in a load, at least",
      FEWEST_MOVES,
      "The players have to play all through: see what the bots print.",
    ),
    ...told
      .filter(({ command }) => command !== "result")
      .map(({ name }) =>
        timing(
          figureAtMost(
            `${name} p99, loaded / calm`,
            2,
            "Take up fewer requests in a stretch: src/server/http/pace.ts.",
          ),
        ),
      ),
  ],
});

async function load(context: ScenarioContext, id: string, httpPort: number, seconds: number): Promise<Load> {
  const program = await context.start({
    id,
    command: [
      ...[
        "node",
        programs.autocannon,
        "--json",
        "--no-progress",
        "-c",
        `${HTTP_CONNECTIONS}`,
        "-d",
        `${seconds}`,
      ],
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

/** Each load is held against the calm before it, so that what else the machine does touches both. */
function tellFigures(
  context: ScenarioContext,
  calm: readonly Stretch[],
  loads: readonly Load[],
  latencies: readonly Latency[],
): void {
  const within = ({ fromMs, toMs }: Stretch, wanted: string) =>
    latencies
      .filter(({ atMs, command }) => command === wanted && atMs >= fromMs && atMs <= toMs)
      .map(({ latencyMs }) => latencyMs);
  const figure = (name: string, unit: string, values: number[]) => context.figure({ name, unit, values });
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
  figure("moves in a load, at least", "", [Math.min(...loads.map((one) => within(one, "move").length))]);
  for (const { command, name } of told) {
    const p99Of = (stretch: Stretch) => quantile(within(stretch, command), 0.99);
    const [calmP99, loadedP99] = [calm.map(p99Of), loads.map(p99Of)];
    figure(`${name} p99, calm`, "ms", calmP99);
    figure(`${name} p99, loaded`, "ms", loadedP99);
    figure(
      `${name} p99, loaded / calm`,
      "×",
      loadedP99.map((p99, round) => p99 / calmP99[round]!),
    );
  }
}
