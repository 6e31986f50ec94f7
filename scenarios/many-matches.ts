import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  defineScenario,
  exitedCleanly,
  figureAtLeast,
  figureAtMost,
  type ScenarioContext,
  type Settled,
  settle,
  settleable,
  timing,
} from "fiel";
import { openDoors, registerCrowd, SERVER_CORE, startBots, unwatched } from "./shared/crowd.ts";
import { baseline, programs } from "./shared/programs.ts";
import { flows, startServer } from "./shared/velha.ts";

const LOOK_EVERY_MS = 700;
const MATCHES_WITHIN_MS = 300_000;
const STORE_WITHIN_MS = 60_000;
/** Ticket, transcript and signatures of a match, about. */
const ROW_BYTES = 1_200;
/** As many are asked for at a time, and so meet in one commit. */
const ROWS_IN_A_COMMIT = 64;
const BENCH_SECONDS = 1;
const QUIET_MS = 500;
/** Between two quiet moments the heap differs by 2 to 3 %. */
const MOST_HEAP_GROWTH_PERCENT = 10;

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
    const json = join(context.directory, "bots.json");
    const play = (count: number) =>
      startBots(context, server, {
        clients,
        args: ["--registered", "--matches", `${count}`, "--look", "0", "--json", json],
      });
    // Code is compiled and caches fill: what the heap is held against is what stays after that.
    context.phase("warm-up");
    await (await play(Math.ceil(matches / 3))).ended({ withinMs: MATCHES_WITHIN_MS });
    await context.pause(QUIET_MS);
    const before = await settle(server.program);

    context.phase("matches");
    const bots = await play(matches);
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
    await context.pause(QUIET_MS);
    const after = await settle(server.program);
    const report = JSON.parse(await readFile(json, "utf8")) as BotsReport;
    await server.program.stop();
    keepFigures(context, { report, before, after, looks, matches });
    await compareStores(context);
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("bots"),
    ...["matches not done", "wrong results", "errors", "descriptors that stayed"].map((name) =>
      figureAtMost(name, 0, "Run the bots by themselves with --json and look at `played` and `errors`."),
    ),
    figureAtMost(
      "growth of the heap over the matches",
      MOST_HEAP_GROWTH_PERCENT,
      "Take heap snapshots of the server before and after, and look for what grows.",
    ),
    timing(
      figureAtLeast(
        "results on disk / bare store",
        0.5,
        "Run `npm run bench:store` with --cpu-prof: see grouped-commits.ts and sqlite-store.ts.",
      ),
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
  const growth = after.heapBytes / before.heapBytes - 1;
  context.figure({ name: "matches not done", unit: "", values: [matches - report.matches.done] });
  context.figure({ name: "wrong results", unit: "", values: [report.matches.wrong + report.matches.void] });
  context.figure({ name: "errors", unit: "", values: [errors] });
  context.figure({
    name: "descriptors that stayed",
    unit: "",
    values: [after.descriptors - before.descriptors],
  });
  context.figure({ name: "growth of the heap over the matches", unit: "%", values: [100 * growth] });
  context.figure({ name: "results of the matches", unit: "/s", values: [2 * report.matchesPerSecond] });
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

/** Results on disk, in the server's store and as rows of that length in a bare one. */
async function compareStores(context: ScenarioContext): Promise<void> {
  context.phase("the server's store");
  const bench = await context.start({
    id: "bench",
    label: "the server's store",
    command: [
      ...["node", programs.storeBench],
      ...["--seconds", `${BENCH_SECONDS}`, "--at-once", `${ROWS_IN_A_COMMIT}`],
    ],
    environment: unwatched,
  });
  const results = new RegExp(`^result, the first +${ROWS_IN_A_COMMIT} +(\\d+)`);
  const [, perSecond] = await bench.sees(results, { withinMs: STORE_WITHIN_MS });
  await bench.ended({ withinMs: STORE_WITHIN_MS });
  context.phase("bare store");
  const store = await context.start({
    id: "store",
    label: "bare store",
    command: [
      ...["node", baseline("commit-store"), join(context.directory, "bare.db")],
      ...[16_000, ROW_BYTES, ROWS_IN_A_COMMIT].map(String),
    ],
    environment: unwatched,
  });
  const [, measured = "{}"] = await store.sees(/^done (.*)/, { withinMs: STORE_WITHIN_MS });
  const { rowsPerSecond } = JSON.parse(measured) as { rowsPerSecond: number };
  await store.ended();
  const resultsPerSecond = Number(perSecond);
  context.figure({ name: "results on disk", unit: "/s", values: [resultsPerSecond] });
  context.figure({ name: "rows in a bare store", unit: "/s", values: [rowsPerSecond] });
  context.figure({
    name: "results on disk / bare store",
    unit: "×",
    values: [resultsPerSecond / rowsPerSecond],
  });
}
