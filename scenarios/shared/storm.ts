// One storm of logins, and as much work of another kind beside a bare server.
import { existsSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { cpuTimeMs, helpersAtWorkMs, type Program, type ScenarioContext } from "fiel";
import { dismissCrowd, everybodyLoggedIn, startBots, type startLoad, unwatched } from "./crowd.ts";
import { baseline } from "./programs.ts";
import type { Server } from "./velha.ts";

const ASK_EVERY_MS = 5;
const LOOK_EVERY_MS = 250;
const SOME_CONNECTIONS = 5;
export const STORM_WITHIN_MS = 60_000;

type Load = Awaited<ReturnType<typeof startLoad>>;

export interface Storm {
  latenciesMs: number[];
  /** Use of the hash workers while logins waited. */
  workersPercent: number;
  looks: { x: number; y: number }[];
  /** CPU of the clients during that time, in percent of a core. */
  clientsPercent: number;
}

/** The latencies of another client's `list`. */
export async function askForList(
  context: ScenarioContext,
  load: Load,
  { host, port }: Server,
  greetingLines: number,
): Promise<number[]> {
  const durationMs = (context.settings.askSeconds ?? 1) * 1_000;
  const { latenciesMs } = await load.ask<{ latenciesMs: number[] }>({
    kind: "paced",
    server: { host, port, greetingLines },
    connections: 1,
    request: "list",
    everyMs: ASK_EVERY_MS,
    durationMs,
  });
  return latenciesMs;
}

export async function playStorm(
  context: ScenarioContext,
  server: Server,
  askMeanwhile: () => Promise<number[]>,
): Promise<Storm> {
  const { clients = 0 } = context.settings;
  const bots = await startBots(context, server, {
    clients,
    args: ["--registered", "--ramp", "1000000"],
    isPinned: false,
  });
  const everybodyIsIn = everybodyLoggedIn(bots, clients, STORM_WITHIN_MS);
  const asked = someConnected(context, server.program).then(async () => {
    const [startMs, cpuAtStartMs] = [performance.now(), cpuTimeMs(bots.pid) ?? 0];
    const latenciesMs = await askMeanwhile();
    const cpuMs = (cpuTimeMs(bots.pid) ?? 0) - cpuAtStartMs;
    return { latenciesMs, clientsPercent: (100 * cpuMs) / (performance.now() - startMs) };
  });
  const [{ percent, points }, measured] = await Promise.all([
    watchWorkers(context, server.program, everybodyIsIn),
    asked,
  ]);
  await dismissCrowd(bots);
  return { ...measured, workersPercent: percent, looks: points };
}

/** Resolves when some clients are connected: on a busy machine their program may take long to start. */
async function someConnected(context: ScenarioContext, { pid }: Program): Promise<void> {
  const connections = () => (existsSync(`/proc/${pid}/fd`) ? readdirSync(`/proc/${pid}/fd`).length : 0);
  const before = connections();
  while (before > 0 && connections() < before + SOME_CONNECTIONS) await context.pause(20);
}

/** As many threads hash passwords, and a program uses as much CPU as the clients did. */
export async function playBareStorm(
  context: ScenarioContext,
  { program }: Server,
  { clientsPercent }: Storm,
  askMeanwhile: () => Promise<number[]>,
): Promise<number[]> {
  const setBusy = async (threads: number) => {
    program.type(`busy ${threads}`);
    await program.sees(/: set$/);
  };
  const inPlaceOfClients = await context.start({
    id: "busy-core",
    command: ["node", baseline("busy-core"), `${Math.round(clientsPercent)}`],
    environment: unwatched,
  });
  await inPlaceOfClients.sees(/^busy/);
  await setBusy(availableParallelism());
  const latenciesMs = await askMeanwhile();
  await setBusy(0);
  await inPlaceOfClients.stop();
  return latenciesMs;
}

/** Measures from the first to the last moment at which more than half of the workers were busy: logins wait all that time. */
async function watchWorkers(
  context: ScenarioContext,
  { pid }: Program,
  storm: Promise<unknown>,
): Promise<{ percent: number; points: { x: number; y: number }[] }> {
  const workers = availableParallelism();
  // The kernel adds a wait to a thread's account only when it ends: a share may be too small, and the next one exceed 1.
  const looks: { seconds: number; share: number }[] = [];
  let isOver = false;
  const storming = storm.finally(() => {
    isOver = true;
  });
  const startMs = performance.now();
  let before = { ms: startMs, atWorkMs: helpersAtWorkMs(pid) ?? 0 };
  while (!isOver) {
    await context.pause(LOOK_EVERY_MS);
    const now = { ms: performance.now(), atWorkMs: helpersAtWorkMs(pid) ?? 0 };
    const share = (now.atWorkMs - before.atWorkMs) / (now.ms - before.ms) / workers;
    looks.push({ seconds: (now.ms - startMs) / 1_000, share });
    before = now;
  }
  await storming;
  const isBusy = ({ share }: { share: number }) => share > 0.5;
  const waiting = looks.slice(looks.findIndex(isBusy), looks.findLastIndex(isBusy) + 1);
  // The first and the last look include time before and after.
  const whole = waiting.length > 4 ? waiting.slice(1, -1) : waiting;
  const mean = whole.reduce((sum, { share }) => sum + share, 0) / Math.max(1, whole.length);
  const points = looks.map(({ seconds: x, share }) => ({ x, y: Math.min(100, 100 * share) }));
  return { percent: Math.min(100, 100 * mean), points };
}
