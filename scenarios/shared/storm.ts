// One storm of logins and, in its place beside a bare server, as much work of another kind.
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
  /** Of the hash workers' time while logins waited. */
  workersPercent: number;
  looks: { x: number; y: number }[];
  /** Of a core, what the clients took meanwhile. */
  clientsPercent: number;
}

/** What another client's `list` waits. */
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
    ...{ request: "list", everyMs: ASK_EVERY_MS, durationMs },
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
  const [{ percent, points }, told] = await Promise.all([
    watchWorkers(context, server.program, everybodyIsIn),
    asked,
  ]);
  await dismissCrowd(bots);
  return { ...told, workersPercent: percent, looks: points };
}

/** Until then the clients' program starts, which on a busy machine may take longer than what is measured. */
async function someConnected(context: ScenarioContext, { pid }: Program): Promise<void> {
  const connections = () => (existsSync(`/proc/${pid}/fd`) ? readdirSync(`/proc/${pid}/fd`).length : 0);
  const before = connections();
  while (before > 0 && connections() < before + SOME_CONNECTIONS) await context.pause(20);
}

/** As many threads hash, and as much of a core is taken as by the clients. */
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

/** From the first moment that half of the workers were at work to the last: logins wait all that time. */
async function watchWorkers(
  context: ScenarioContext,
  { pid }: Program,
  storm: Promise<unknown>,
): Promise<{ percent: number; points: { x: number; y: number }[] }> {
  const workers = availableParallelism();
  // The kernel adds a wait to a thread's account when it ends, so a share may exceed 1 after one that was too small.
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
  // The first and the last look are partly before and after.
  const whole = waiting.length > 4 ? waiting.slice(1, -1) : waiting;
  const mean = whole.reduce((sum, { share }) => sum + share, 0) / Math.max(1, whole.length);
  const points = looks.map(({ seconds: x, share }) => ({ x, y: Math.min(100, 100 * share) }));
  return { percent: Math.min(100, 100 * mean), points };
}
