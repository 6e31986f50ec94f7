import { availableParallelism } from "node:os";
import { figureAtLeast, figureAtMost } from "../harness/checks/figures.ts";
import { eventHappened, exitedCleanly, timing } from "../harness/checks/outcome.ts";
import { helpersAtWorkMs } from "../harness/programs/thread-time.ts";
import { defineScenario, type Program, type ScenarioContext } from "../harness/scenario.ts";
import { quantile } from "../harness/statistics/quantiles.ts";
import { flows, type Server, startServer } from "./velha.ts";
import {
  dismissCrowd,
  openDoors,
  registerCrowd,
  startBots,
  startLineFloor,
  startLoad,
  unwatched,
} from "./velha-crowd.ts";

const ASK_EVERY_MS = 5;
const LOOK_EVERY_MS = 250;
const STORM_WITHIN_MS = 60_000;

export default defineScenario({
  name: "login-storm",
  title: "Everybody logs in at once",
  description:
    "300 logins at once: are the hash workers busy, and what does another client's `list` wait, beside the same load on a bare server, 25 s.",
  durationSeconds: 25,
  settings: { clients: 300, askSeconds: 2 },
  fullSize: { durationSeconds: 60, settings: { clients: 1_000, askSeconds: 6 } },
  flows,
  async run(context) {
    const { clients = 0, askSeconds = 0 } = context.settings;
    context.phase("registration");
    await registerCrowd(context, clients, { isHashCheap: false });
    const server = await startServer(context, {
      args: [...openDoors, "--heartbeat", "60"],
      environment: unwatched,
    });
    const load = await startLoad(context);
    const ask = (of: Server, greetingLines: number) =>
      load.ask<{ latenciesMs: number[] }>({
        kind: "paced",
        server: { host: of.host, port: of.port, greetingLines },
        connections: 1,
        ...{ request: "list", everyMs: ASK_EVERY_MS, durationMs: askSeconds * 1_000 },
      });
    await ask(server, 1);

    context.phase("storm");
    const [busy, stormy] = await Promise.all([
      watchWorkers(context, server.program, async () => {
        const bots = await startBots(context, server, {
          clients,
          args: ["--registered", "--ramp", "1000000"],
          isPinned: false,
        });
        await bots.sees(/^\d+ of \d+ clients are logged in/, { withinMs: STORM_WITHIN_MS });
        return bots;
      }),
      ask(server, 1),
    ]);
    await dismissCrowd(busy.bots);
    await server.program.stop();

    context.phase("bare server");
    const floor = await startLineFloor(context, { isPinned: false });
    await ask(floor, 0);
    floor.program.type(`busy ${availableParallelism()}`);
    await floor.program.sees(/: set$/);
    const bare = await ask(floor, 0);

    const [p99, bareP99] = [stormy, bare].map(({ latenciesMs }) => quantile(latenciesMs, 0.99)) as [
      number,
      number,
    ];
    context.figure({ name: "hash workers at work while logins wait", unit: "%", values: [busy.percent] });
    context.figure({ name: "p99 of list in the storm", unit: "ms", values: [p99] });
    context.figure({ name: "p99 of a bare server with as many busy threads", unit: "ms", values: [bareP99] });
    context.figure({ name: "p99 in the storm / bare", unit: "×", values: [p99 / bareP99] });
    context.plot({
      name: "storm",
      title: `${clients} logins at once: how busy the hash workers are`,
      x: { title: "seconds since the storm began" },
      y: { title: "% of the hash workers" },
      limits: [{ label: "wanted while logins wait: 95 %", y: 95 }],
      series: [{ label: "at work", points: busy.points }],
    });
    context.plot({
      name: "list-latency",
      title: "What another client's list waits meanwhile",
      x: { title: "share of the requests (%)" },
      y: { title: "ms", isLogarithmic: true },
      series: [
        { label: "server, in the storm", points: distribution(stormy.latenciesMs) },
        { label: "bare server, as many busy threads", points: distribution(bare.latenciesMs) },
      ],
    });
  },
  checks: [
    exitedCleanly("server"),
    eventHappened("everybody-in", 1),
    timing(
      figureAtLeast(
        "hash workers at work while logins wait",
        95,
        "Look at what keeps waiting logins from the workers: password-hasher.ts, or the event loop.",
      ),
    ),
    timing(
      figureAtMost("p99 in the storm / bare", 2, "Profile the server with --cpu-prof while the logins come."),
    ),
  ],
});

/** From the first moment that half of the workers were at work to the last: logins wait all that time. */
async function watchWorkers(
  context: ScenarioContext,
  { pid }: Program,
  storm: () => Promise<Program>,
): Promise<{ bots: Program; percent: number; points: { x: number; y: number }[] }> {
  const workers = availableParallelism();
  // The kernel adds a wait to a thread's account when it ends, so a share may exceed 1 after one that was too small.
  const looks: { seconds: number; share: number }[] = [];
  let isOver = false;
  const storming = storm().finally(() => {
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
  const bots = await storming;
  const isBusy = ({ share }: { share: number }) => share > 0.5;
  const waiting = looks.slice(looks.findIndex(isBusy), looks.findLastIndex(isBusy) + 1);
  // The first and the last look are partly before and after.
  const whole = waiting.length > 4 ? waiting.slice(1, -1) : waiting;
  const mean = whole.reduce((sum, { share }) => sum + share, 0) / Math.max(1, whole.length);
  const points = looks.map(({ seconds: x, share }) => ({ x, y: Math.min(100, 100 * share) }));
  return { bots, percent: Math.min(100, 100 * mean), points };
}

function distribution(latenciesMs: number[]): { x: number; y: number }[] {
  return Array.from({ length: 100 }, (_, percent) => ({
    x: percent + 0.5,
    y: quantile(latenciesMs, (percent + 0.5) / 100),
  }));
}
