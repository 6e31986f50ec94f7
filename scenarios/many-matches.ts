import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { figureAtMost } from "../harness/checks/figures.ts";
import { exitedCleanly } from "../harness/checks/outcome.ts";
import { type Settled, settle, settleable } from "../harness/instruments/settled.ts";
import { defineScenario, type ScenarioContext } from "../harness/scenario.ts";
import { median } from "../harness/statistics/quantiles.ts";
import { flows, startServer } from "./velha.ts";
import { harness, openDoors, registerCrowd, SERVER_CORE, startBots, unwatched } from "./velha-crowd.ts";

const LOOK_EVERY_MS = 700;
const MATCHES_WITHIN_MS = 300_000;
/** Ticket, transcript and signatures of a match, about. */
const ROW_BYTES = 1_200;
/** Ends of matches that meet in one turn of the server's event loop, about. */
const ROWS_IN_A_COMMIT = 8;
/** What is under way comes and goes with 5 to 10 % of the heap. */
const MOST_HEAP_GROWTH_PERCENT = 15;

interface BotsReport {
  matches: { done: number; wrong: number; void: number };
  matchesPerSecond: number;
  errors: Record<string, number>;
  ownLoad: number;
}

export default defineScenario({
  name: "many-matches",
  title: "Many matches at a time",
  description:
    "30 matches at a time until 300 are done: every result right, no error, memory flat, descriptors back, 20 s.",
  durationSeconds: 20,
  settings: { clients: 60, matches: 300 },
  fullSize: { durationSeconds: 120, settings: { clients: 400, matches: 2_000 } },
  flows,
  async run(context) {
    const { clients = 0, matches = 0 } = context.settings;
    context.phase("accounts");
    await registerCrowd(context, clients);
    const server = await startServer(context, {
      args: openDoors,
      environment: settleable,
      core: SERVER_CORE,
    });
    await context.pause(300);
    const before = await settle(server.program);

    context.phase("matches");
    const json = join(context.directory, "bots.json");
    const bots = await startBots(context, server, {
      clients,
      args: ["--registered", "--matches", `${matches}`, "--look", "0", "--json", json],
    });
    const looks: { seconds: number; settled: Settled }[] = [];
    const startMs = performance.now();
    let isOver = false;
    const playing = bots.ended({ withinMs: MATCHES_WITHIN_MS }).finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await context.pause(LOOK_EVERY_MS);
      const settled = await settle(server.program);
      looks.push({ seconds: (performance.now() - startMs) / 1_000, settled });
    }
    await playing;
    context.phase("afterwards");
    await context.pause(500);
    const after = await settle(server.program);
    const report = JSON.parse(await readFile(json, "utf8")) as BotsReport;
    await server.program.stop();
    keepFigures(context, { report, before, after, looks, matches });
    await compareWithStore(context, report);
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("bots"),
    ...["matches not done", "wrong results", "errors", "descriptors that stayed"].map((name) =>
      figureAtMost(name, 0, "Run the bots by themselves with --json and look at `played` and `errors`."),
    ),
    figureAtMost(
      "heap in the last third, above the second",
      MOST_HEAP_GROWTH_PERCENT,
      "Take heap snapshots of the server before and after, and look for what grows.",
    ),
  ],
});

interface Played {
  report: BotsReport;
  before: Settled;
  after: Settled;
  looks: { seconds: number; settled: Settled }[];
  matches: number;
}

function keepFigures(context: ScenarioContext, { report, before, after, looks, matches }: Played): void {
  const errors = Object.values(report.errors).reduce((sum, count) => sum + count, 0);
  const heaps = looks.slice(0, -1).map(({ settled }) => settled.heapBytes);
  const third = Math.ceil(heaps.length / 3);
  const growth = median(heaps.slice(-third)) / median(heaps.slice(third, -third)) - 1;
  context.figure({ name: "matches not done", unit: "", values: [matches - report.matches.done] });
  context.figure({ name: "wrong results", unit: "", values: [report.matches.wrong + report.matches.void] });
  context.figure({ name: "errors", unit: "", values: [errors] });
  context.figure({
    name: "descriptors that stayed",
    unit: "",
    values: [after.descriptors - before.descriptors],
  });
  context.figure({ name: "heap in the last third, above the second", unit: "%", values: [100 * growth] });
  context.figure({ name: "durable results", unit: "/s", values: [2 * report.matchesPerSecond] });
  context.figure({ name: "load of the bots themselves", unit: "%", values: [100 * report.ownLoad] });
  context.plot({
    name: "memory-over-matches",
    title: `Memory of the server, garbage collected, during ${matches} matches`,
    x: { title: "seconds since the players came" },
    y: { title: "MB" },
    series: [
      {
        label: "resident",
        points: looks.map(({ seconds: x, settled }) => ({ x, y: settled.rssBytes / 1e6 })),
      },
      {
        label: "JavaScript heap",
        points: looks.map(({ seconds: x, settled }) => ({ x, y: settled.heapBytes / 1e6 })),
      },
    ],
  });
}

async function compareWithStore(context: ScenarioContext, { matchesPerSecond }: BotsReport): Promise<void> {
  context.phase("bare store");
  const file = join(context.directory, "bare.db");
  const store = await context.start({
    id: "store",
    label: "bare store",
    command: [
      "node",
      join(harness, "floors", "commit-store.js"),
      file,
      ...[4_000, ROW_BYTES, ROWS_IN_A_COMMIT].map(String),
    ],
    environment: unwatched,
  });
  const [, measured = "{}"] = await store.sees(/^done (.*)/, { withinMs: 30_000 });
  const { rowsPerSecond } = JSON.parse(measured) as { rowsPerSecond: number };
  await store.ended();
  context.figure({ name: "commits of a bare store", unit: "rows/s", values: [rowsPerSecond] });
  context.figure({
    name: "durable results / bare store",
    unit: "×",
    values: [(2 * matchesPerSecond) / rowsPerSecond],
  });
}
