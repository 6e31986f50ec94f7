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
import { baseline, options, programs } from "./shared/programs.ts";
import { flows, startServer } from "./shared/velha.ts";

const LOOK_EVERY_MS = 700;
const MATCHES_WITHIN_MS = 300_000;
const STORE_WITHIN_MS = 60_000;
/** About the size of a match's ticket, transcript and signatures. */
const ROW_BYTES = 1_200;
const ROWS = 16_000;
/** The number of results under way at the same time, which share a commit. */
const ROWS_IN_A_COMMIT = 64;
const BENCH_SECONDS = 1;
const QUIET_MS = 500;
/** Without a leak the heap varies by 2 to 3 %. */
const MOST_HEAP_GROWTH_PERCENT = 10;

interface BotsReport {
  matches: { done: number; wrong: number; void: number };
  matchesPerSecond: number;
  errors: Record<string, number>;
  ownLoad: number;
}

export default defineScenario({
  name: "many-matches",
  title: "Many matches at the same time",
  description:
    "30 matches at the same time until 300 are played: every result is right, there is no error, memory is stable, and no descriptor stays open, 20 s.",
  durationSeconds: 20,
  settings: { clients: 60, matches: 300 },
  fullSize: { durationSeconds: 120, settings: { clients: 400, matches: 2_000 } },
  countsBytes: false,
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
        args: options({ registered: true, matches: count, look: 0, json }),
      });
    // Code is compiled and caches fill: the heap is compared with its size after that.
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
    ...["unfinished matches", "wrong results", "errors", "descriptors left open"].map((name) =>
      figureAtMost(name, 0, "Run the bots alone with --json and look at `played` and `errors`."),
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
  context.figure({ name: "unfinished matches", unit: "", values: [matches - report.matches.done] });
  context.figure({ name: "wrong results", unit: "", values: [report.matches.wrong + report.matches.void] });
  context.figure({ name: "errors", unit: "", values: [errors] });
  context.figure({
    name: "descriptors left open",
    unit: "",
    values: [after.descriptors - before.descriptors],
  });
  context.figure({ name: "growth of the heap over the matches", unit: "%", values: [100 * growth] });
  context.figure({ name: "results of the matches", unit: "/s", values: [2 * report.matchesPerSecond] });
  context.figure({ name: "CPU load of the bots", unit: "%", values: [100 * report.ownLoad] });
  context.plot({
    name: "memory-over-matches",
    title: `Memory of the server after garbage collection, during ${matches} matches`,
    x: { title: "seconds since the bots started" },
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

/** Durable results per second in the server's store, and rows of the same length in a bare one. */
async function compareStores(context: ScenarioContext): Promise<void> {
  context.phase("the server's store");
  const bench = await context.start({
    id: "bench",
    label: "the server's store",
    command: [
      "node",
      programs.storeBench,
      ...options({ seconds: BENCH_SECONDS, "at-once": ROWS_IN_A_COMMIT }),
    ],
    environment: unwatched,
  });
  const results = new RegExp(`^result, the first +${ROWS_IN_A_COMMIT} +(\\d+)`);
  const [, perSecond] = await bench.sees(results, { withinMs: STORE_WITHIN_MS });
  await bench.ended({ withinMs: STORE_WITHIN_MS });
  context.phase("bare store");
  const file = join(context.directory, "bare.db");
  const store = await context.start({
    id: "store",
    label: "bare store",
    command: ["node", baseline("commit-store"), file, `${ROWS}`, `${ROW_BYTES}`, `${ROWS_IN_A_COMMIT}`],
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
