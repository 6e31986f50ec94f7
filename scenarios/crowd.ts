import { join } from "node:path";
import {
  cpuTimeMs,
  defineScenario,
  exitedCleanly,
  figureAtMost,
  type Program,
  pinned,
  type ScenarioContext,
  type Settled,
  settle,
  settleable,
  timing,
} from "fiel";
import {
  bringCrowd,
  dismissCrowd,
  LOAD_CORE,
  openDoors,
  registerCrowd,
  SERVER_CORE,
  unwatched,
} from "./shared/crowd.ts";
import { timesBaseline } from "./shared/figures.ts";
import { baseline } from "./shared/programs.ts";
import { flows, type Server, startServer } from "./shared/velha.ts";

/** They log in and leave before anything is measured, so that code is compiled and buffers are allocated. */
const WARM_UP_CLIENTS = 20;
const CALM_MS = 500;
/** The resident memory of an idle process varies by this much without any client. */
const MEMORY_RESOLUTION_KB = 256;
/** 5 % of a core for 5,000 heartbeats every 10 s. */
const MOST_HEARTBEAT_US = 100;

export default defineScenario({
  name: "crowd",
  title: "A crowd of idle clients",
  description:
    "500 clients log in and stay idle: memory per client and CPU per heartbeat, compared with as many idle sockets on a bare server, 20 s.",
  durationSeconds: 20,
  settings: { clients: 500, idleSeconds: 6, heartbeatSeconds: 3 },
  fullSize: { durationSeconds: 150, settings: { clients: 5_000, idleSeconds: 60, heartbeatSeconds: 10 } },
  countsBytes: false,
  flows,
  async run(context) {
    const { clients = 0, idleSeconds = 0, heartbeatSeconds = 1 } = context.settings;
    context.phase("accounts");
    await registerCrowd(context, clients);
    const server = await startServer(context, {
      args: [...openDoors, "--heartbeat", `${heartbeatSeconds}`],
      environment: settleable,
      core: SERVER_CORE,
    });
    context.phase("warm-up");
    await dismissCrowd(await bringCrowd(context, server, { clients: WARM_UP_CLIENTS }));
    const empty = await settle(server.program);
    context.phase("arrival");
    const bots = await bringCrowd(context, server, { clients, args: ["--registered"] });
    await context.pause(CALM_MS);
    context.phase("idle");
    const cpuMs = await cpuOver(context, server.program, idleSeconds * 1_000);
    const heartbeats = (clients * idleSeconds) / heartbeatSeconds;
    context.figure({ name: "CPU of the server, idle", unit: "%", values: [cpuMs / (idleSeconds * 10)] });
    context.figure({ name: "CPU per heartbeat", unit: "µs", values: [(1_000 * cpuMs) / heartbeats] });
    const full = await settle(server.program);
    context.phase("departure");
    await dismissCrowd(bots);
    await server.program.stop();

    const bare = await measureBaseline(context, server, clients);
    const own = perClient(empty, full, clients);
    for (const [name, { rss, heap }] of [["server", own] as const, ["bare server", bare] as const]) {
      context.figure({ name: `memory per client, ${name}`, unit: "kB", values: [rss] });
      context.figure({ name: `heap per client, ${name}`, unit: "kB", values: [heap] });
    }
    const timesBare = timesBaseline(own.rss, bare.rss, MEMORY_RESOLUTION_KB / clients);
    context.figure({ name: "memory per client, server / bare", unit: "×", values: [timesBare] });
    context.plot({
      name: "memory",
      title: `Memory per client with ${clients.toLocaleString("en-US")} idle clients, after garbage collection`,
      x: { title: "", categories: ["bare server", "server"] },
      y: { title: "kB" },
      limits: [{ label: "wanted: 1.6 × the bare server", y: bare.rss * 1.6 }],
      series: [
        { label: "resident memory", points: [bare.rss, own.rss].map((y, x) => ({ x, y })) },
        { label: "of which JavaScript heap", points: [bare.heap, own.heap].map((y, x) => ({ x, y })) },
      ],
    });
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("bots"),
    figureAtMost(
      "memory per client, server / bare",
      1.6,
      "Run with --heap-prof and look at what each connection holds.",
    ),
    timing(
      figureAtMost(
        "CPU per heartbeat",
        MOST_HEARTBEAT_US,
        "Run with --cpu-prof and look at what a ping costs.",
      ),
    ),
  ],
});

async function cpuOver(context: ScenarioContext, { pid }: Program, durationMs: number): Promise<number> {
  const before = cpuTimeMs(pid);
  await context.pause(durationMs);
  return (cpuTimeMs(pid) ?? 0) - (before ?? 0);
}

function perClient(before: Settled, after: Settled, clients: number) {
  const kb = (bytes: number) => bytes / 1_000 / clients;
  return { rss: kb(after.rssBytes - before.rssBytes), heap: kb(after.heapBytes - before.heapBytes) };
}

/** The same sockets without a program behind them. */
async function measureBaseline(context: ScenarioContext, { port }: Server, clients: number) {
  context.phase("bare server");
  const ports = [`${port}`, `${port + 1}`];
  const certificate = ["cert.pem", "key.pem"].map((name) => join(context.directory, "certs", name));
  const bareServer = await context.start({
    id: "baseline",
    label: "bare server",
    command: pinned(SERVER_CORE, ["node", baseline("idle-server"), ...ports, ...certificate]),
    environment: settleable,
  });
  await bareServer.sees(/^listening/);
  const dialer = await context.start({
    id: "dialer",
    command: pinned(LOAD_CORE, ["node", baseline("idle-dialer"), ...ports]),
    environment: unwatched,
  });
  const reach = async (count: number) => {
    dialer.type(`${count}`);
    await dialer.sees(new RegExp(`^${count} clients are connected`), { withinMs: 120_000 });
    await context.pause(CALM_MS);
  };
  await reach(WARM_UP_CLIENTS);
  await reach(0);
  const empty = await settle(bareServer);
  await reach(clients);
  const full = await settle(bareServer);
  await dialer.stop();
  await bareServer.stop();
  return perClient(empty, full, clients);
}
