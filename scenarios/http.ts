import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { figureAtLeast, figureAtMost } from "../harness/checks/figures.ts";
import { exitedCleanly, timing } from "../harness/checks/outcome.ts";
import { defineScenario, type ScenarioContext } from "../harness/scenario.ts";
import { median } from "../harness/statistics/quantiles.ts";
import { flows, type Server, startBots, startServer } from "./velha.ts";

const autocannon = join(import.meta.dirname, "..", "..", "node_modules", "autocannon", "autocannon.js");
const ROUNDS = 3;
const LOAD_SECONDS = 3;
const MATCHES = 20;
const unwatched = { NODE_OPTIONS: "" };

export default defineScenario({
  name: "http",
  title: "The live page's server under load while people play",
  description: "Ten players play in turns with and without load on the HTTP surface, 25 s.",
  durationSeconds: 25,
  flows: [{ name: "http", label: "HTTP", firstLine: /^GET / }, ...flows],
  async run(context) {
    context.phase("start");
    const httpPort = await context.freePort();
    const server = await startServer(context, {
      args: ["--http", `${httpPort}`, "--attempt-limits", "off"],
      environment: unwatched,
    });
    await playersP99(context, server);
    const calm: number[] = [];
    const loaded: number[] = [];
    const rates: number[] = [];
    const answers: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      context.phase(`calm ${round + 1}`);
      calm.push(await playersP99(context, server));
      context.phase(`load ${round + 1}`);
      const load = await context.start({
        id: `load-${round + 1}`,
        command: [
          ...["node", autocannon, "--json", "--no-progress", "-c", "20", "-d", `${LOAD_SECONDS}`],
          `http://127.0.0.1:${httpPort}/api/players`,
        ],
        environment: unwatched,
      });
      loaded.push(await playersP99(context, server));
      const [line] = await load.sees(/^\{.*\}$/);
      const { requests, latency } = JSON.parse(line) as {
        requests: { average: number };
        latency: { p99: number };
      };
      rates.push(requests.average);
      answers.push(latency.p99);
      await load.ended();
    }
    context.figure({ name: "HTTP requests", unit: "/s", values: rates });
    context.figure({ name: "HTTP answer p99", unit: "ms", values: answers });
    context.figure({ name: "move p99, calm", unit: "ms", values: calm });
    context.figure({ name: "move p99, loaded", unit: "ms", values: loaded });
    context.figure({ name: "move p99, loaded / calm", unit: "×", values: [median(loaded) / median(calm)] });
    context.phase("stop");
    await server.program.stop();
  },
  checks: [
    exitedCleanly("server"),
    timing(figureAtLeast("HTTP requests", 100, "Profile the server with --cpu-prof.")),
    timing(
      figureAtMost(
        "move p99, loaded / calm",
        2,
        "Take up fewer requests in a stretch: src/server/http/pace.ts.",
      ),
    ),
  ],
});

async function playersP99(context: ScenarioContext, server: Server): Promise<number> {
  const report = join(context.directory, "bots.json");
  const bots = await startBots(context, server, [
    ...["--clients", "10", "--matches", `${MATCHES}`, "--seed", "1", "--json", report],
  ]);
  await bots.ended();
  const { latencies } = JSON.parse(await readFile(report, "utf8")) as {
    latencies: { move: { p99Ms: number } };
  };
  return latencies.move.p99Ms;
}
