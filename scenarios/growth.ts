import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  cpuTimeMs,
  defineScenario,
  exitedCleanly,
  figureAtMost,
  growthExponents,
  quantile,
  type ScenarioContext,
  settle,
  settleable,
  timing,
} from "fiel";
import {
  bringCrowd,
  dismissCrowd,
  importAccounts,
  openDoors,
  registerCrowd,
  SERVER_CORE,
  startLoad,
} from "./shared/crowd.ts";
import { flows, startServer } from "./shared/velha.ts";

const HEARTBEAT_SECONDS = 3;
const IDLE_MS = 3_000;
const ASK_EVERY_MS = 2;
const ASK_MS = 400;
/** Any hash of the right form: nobody logs in to these accounts. */
const SOME_HASH =
  "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/** Below these, a cost is noise and counts as this much. */
const RESOLUTION = { crowdBytes: 256_000, cpuMsPerSecond: 0.5, startMs: 1 };

interface Step {
  clients: number;
  accounts: number;
  startMs: number;
  /** Resident memory above that of the server without clients. */
  crowdBytes: number;
  cpuMsPerSecond: number;
  listMs: Median;
  leadersMs: Median;
}

/** `low` and `high` are the first and the third quartile. */
interface Median {
  y: number;
  low: number;
  high: number;
}

export default defineScenario({
  name: "growth",
  title: "Cost against size",
  description:
    "25 to 200 clients, 100 to 20,000 accounts: what should be constant does not grow, and nothing grows faster than linearly, 25 s.",
  durationSeconds: 25,
  settings: { clients: 200, accounts: 20_000, steps: 4 },
  fullSize: { durationSeconds: 240, settings: { clients: 4_000, accounts: 100_000, steps: 5 } },
  countsBytes: false,
  flows,
  async run(context) {
    const { clients = 0, accounts = 0, steps: count = 0 } = context.settings;
    if (count < 3) throw new Error("a growth needs 3 steps or more: --set steps=3");
    const load = await startLoad(context);
    const steps: Step[] = [];
    for (let number = 0; number < count; number++) {
      const share = 2 ** (number + 1 - count);
      const size = {
        clients: Math.round(clients * share),
        accounts: Math.round(100 * (accounts / 100) ** (number / (count - 1))),
      };
      context.phase(`${size.clients} clients`);
      steps.push(await measureStep(context, load, size, { number, registered: steps.at(-1)?.accounts ?? 0 }));
    }
    keepGrowth(context, steps);
  },
  checks: [
    exitedCleanly("server"),
    growthAtMost(
      "memory with clients",
      1.2,
      "More than linear: look for state that each client keeps about all others.",
    ),
    timing(
      growthAtMost(
        "CPU of heartbeats with clients",
        1.2,
        "More than linear: look for work that each client causes for all others.",
      ),
    ),
    timing(growthAtMost("the start with accounts", 1, "Look at what is read when the server starts.")),
    timing(
      growthAtMost(
        "leaders with accounts",
        0.3,
        "A page should be cached until points change: see the leaderboard.",
      ),
    ),
    timing(
      growthAtMost(
        "list with clients",
        1,
        "A page should be cached until somebody logs in or out: see the roster.",
      ),
    ),
  ],
});

function growthAtMost(name: string, exponent: number, advice: string) {
  return figureAtMost(`growth of ${name}`, exponent, advice);
}

async function measureStep(
  context: ScenarioContext,
  load: Awaited<ReturnType<typeof startLoad>>,
  { clients, accounts }: { clients: number; accounts: number },
  { number, registered }: { number: number; registered: number },
): Promise<Step> {
  await fillAccounts(context, registered, accounts);
  await registerCrowd(context, clients, { seed: number + 1 });
  const beginMs = performance.now();
  const server = await startServer(context, {
    args: [...openDoors, "--heartbeat", `${HEARTBEAT_SECONDS}`],
    environment: settleable,
    core: SERVER_CORE,
  });
  const startMs = performance.now() - beginMs;
  const empty = await settle(server.program);
  const bots = await bringCrowd(context, server, {
    clients,
    args: ["--registered", "--seed", `${number + 1}`],
  });
  const median = async (request: string): Promise<Median> => {
    const { latenciesMs } = await load.ask<{ latenciesMs: number[] }>({
      kind: "paced",
      server: { host: server.host, port: server.port, greetingLines: 1 },
      connections: 1,
      request,
      everyMs: ASK_EVERY_MS,
      durationMs: ASK_MS,
    });
    const [low = 0, y = 0, high = 0] = [0.25, 0.5, 0.75].map((share) => quantile(latenciesMs, share));
    return { y, low, high };
  };
  const [listMs, leadersMs] = [await median("list"), await median("leaders")];
  const full = await settle(server.program);
  const before = cpuTimeMs(server.program.pid) ?? 0;
  await context.pause(IDLE_MS);
  const cpuMsPerSecond = ((cpuTimeMs(server.program.pid) ?? 0) - before) / (IDLE_MS / 1_000);
  await dismissCrowd(bots);
  await server.program.stop();
  const crowdBytes = full.rssBytes - empty.rssBytes;
  return { clients, accounts, startMs, crowdBytes, cpuMsPerSecond, listMs, leadersMs };
}

async function fillAccounts(context: ScenarioContext, from: number, to: number): Promise<void> {
  const file = join(context.directory, "growth.txt");
  const lines = Array.from({ length: to - from }, (_, index) => {
    const number = from + index;
    return `user-${number}\t${SOME_HASH}\t${number % 500}\n`;
  });
  await writeFile(file, lines.join(""));
  await importAccounts(context, file);
}

function keepGrowth(context: ScenarioContext, steps: Step[]): void {
  const of = (x: "clients" | "accounts", y: keyof typeof RESOLUTION, unit = 1) =>
    steps.map((step) => ({ x: step[x], y: Math.max(step[y], RESOLUTION[y]) / unit }));
  const medians = (x: "clients" | "accounts", y: "listMs" | "leadersMs") =>
    steps.map((step) => ({ x: step[x], ...step[y] }));
  const grown = [
    { name: "memory with clients", label: "memory (MB)", points: of("clients", "crowdBytes", 1e6) },
    {
      name: "CPU of heartbeats with clients",
      label: "CPU of heartbeats (ms/s)",
      points: of("clients", "cpuMsPerSecond"),
    },
    {
      name: "list with clients",
      label: "list, median and middle half (ms)",
      points: medians("clients", "listMs"),
    },
    { name: "the start with accounts", label: "start of the server (ms)", points: of("accounts", "startMs") },
    {
      name: "leaders with accounts",
      label: "leaders, median and middle half (ms)",
      points: medians("accounts", "leadersMs"),
    },
  ];
  // One exponent for each size left out: no single size may decide.
  for (const { name, points } of grown)
    context.figure({ name: `growth of ${name}`, unit: "(exponent)", values: growthExponents(points) });
  for (const { x, units } of [
    { x: "clients", units: "MB, ms/s or ms: see the legend" },
    { x: "accounts", units: "ms" },
  ]) {
    context.plot({
      name: `growth-${x}`,
      title: `Cost against the number of ${x}`,
      x: { title: x, isLogarithmic: true },
      y: { title: units, isLogarithmic: true },
      series: grown.filter(({ name }) => name.endsWith(x)).map(({ label, points }) => ({ label, points })),
    });
  }
}
