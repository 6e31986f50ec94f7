import {
  type Check,
  defineScenario,
  exitedCleanly,
  figureAtLeast,
  median,
  type ScenarioContext,
  timing,
} from "fiel";
import {
  bringCrowd,
  dismissCrowd,
  openDoors,
  registerCrowd,
  SERVER_CORE,
  startLineFloor,
  startLoad,
  unwatched,
} from "./shared/crowd.ts";
import { flows, type Server, startServer } from "./shared/velha.ts";

const CONNECTIONS = 50;
const FEW_USERS = 2;
const LOADS = [
  { name: "one at a time", pipelined: 1, wanted: 0.8 },
  { name: "16 pipelined", pipelined: 16, wanted: 0.5 },
];
const REQUESTS = ["list", "leaders"];
/** The code of both is compiled by then. */
const WARM_UP_MS = 1_000;

interface Saturated {
  requestsPerSecond: number;
  requestsPerCpuSecond: number | null;
  answerBytes: number;
}

export default defineScenario({
  name: "throughput",
  title: "Requests a second, beside a bare server",
  description:
    "`list` and `leaders` over 50 connections, one at a time and 16 pipelined, in turns with a bare line server, 35 s.",
  durationSeconds: 35,
  settings: { users: 100, rounds: 5, roundMs: 100 },
  fullSize: { durationSeconds: 120, settings: { users: 1_000, rounds: 9, roundMs: 500 } },
  flows,
  async run(context) {
    context.phase("start");
    const { users = 0 } = context.settings;
    await registerCrowd(context, users);
    const server = await startServer(context, {
      // Connections without a heartbeat of their own stay for the whole run.
      args: [...openDoors, "--heartbeat", "120"],
      environment: unwatched,
      core: SERVER_CORE,
    });
    const floor = await startLineFloor(context);
    const load = await startLoad(context);
    const bars: { category: string; y: number; low: number; high: number }[] = [];
    for (const online of [FEW_USERS, users]) {
      context.phase(`${online} users come`);
      const bots = await bringCrowd(context, server, { clients: online, args: ["--seed", "1"] });
      for (const request of REQUESTS) {
        for (const { name, pipelined } of LOADS) {
          const title = `${request} ${name}, ${online} users`;
          context.phase(title);
          const ratios = await compare(context, { title, server, floor, load, request, pipelined });
          bars.push({
            category: `${request} ×${pipelined}, ${online}`,
            y: median(ratios),
            low: Math.min(...ratios),
            high: Math.max(...ratios),
          });
        }
      }
      context.phase("users go");
      await dismissCrowd(bots);
    }
    context.plot({
      name: "throughput",
      title: "Requests a second, as a share of what a bare server answers",
      x: {
        title: "request × under way on each of 50 connections, users online",
        categories: bars.map(({ category }) => category),
      },
      y: { title: "server / bare server" },
      limits: LOADS.map(({ name, wanted }) => ({ label: `wanted ${name}`, y: wanted })),
      series: [{ label: "ratio", points: bars.map(({ y, low, high }, x) => ({ x, y, low, high })) }],
    });
    context.phase("stop");
    await server.program.stop();
  },
  checks: [exitedCleanly("server"), ...ratiosWanted()],
});

interface Comparison {
  title: string;
  server: Server;
  floor: Server;
  load: Awaited<ReturnType<typeof startLoad>>;
  request: string;
  pipelined: number;
}

/** In turns, so that what else the machine does meets both. */
async function compare(
  context: ScenarioContext,
  { title, server, floor, load, request, pipelined }: Comparison,
): Promise<number[]> {
  const { rounds = 1, roundMs = 1 } = context.settings;
  const rate = (of: Server, greetingLines: number, durationMs: number) =>
    load.ask<Saturated>({
      kind: "saturate",
      server: { host: of.host, port: of.port, greetingLines },
      connections: CONNECTIONS,
      ...{ request, pipelined, durationMs, pid: of.program.pid },
    });
  const { answerBytes } = await rate(server, 1, WARM_UP_MS);
  floor.program.type(`answer ${answerBytes}`);
  await floor.program.sees(/: set$/);
  await rate(floor, 0, WARM_UP_MS);
  const served: Saturated[] = [];
  const bare: Saturated[] = [];
  while (served.length < rounds) {
    served.push(await rate(server, 1, roundMs));
    bare.push(await rate(floor, 0, roundMs));
  }
  const seen = (each: Saturated[]) => each.map(({ requestsPerSecond }) => requestsPerSecond);
  // A server that has its core for itself has a second of CPU time in each second.
  const costs = (each: Saturated[]) =>
    each.map(({ requestsPerCpuSecond, requestsPerSecond }) => requestsPerCpuSecond ?? requestsPerSecond);
  const ratiosOf = (one: number[], other: number[]) => one.map((value, round) => value / other[round]!);
  const ratios = ratiosOf(costs(served), costs(bare));
  context.figure({ name: `${title}: server`, unit: "/s of CPU", values: costs(served) });
  context.figure({ name: `${title}: bare server`, unit: "/s of CPU", values: costs(bare) });
  context.figure({ name: `${title}: ratio`, unit: "×", values: ratios });
  context.figure({
    name: `${title}: ratio by the clock`,
    unit: "×",
    values: ratiosOf(seen(served), seen(bare)),
  });
  return ratios;
}

/** The number of users is known only from the run. */
function ratiosWanted() {
  return REQUESTS.flatMap((request) =>
    LOADS.flatMap(({ name, wanted }) =>
      [false, true].map((areMany): Check => {
        const advice = "Run with --cpu-prof and compare the server's profile with the bare server's.";
        return timing((result) => {
          const online = areMany ? result.settings?.users : FEW_USERS;
          return figureAtLeast(`${request} ${name}, ${online} users: ratio`, wanted, advice)(result);
        });
      }),
    ),
  );
}
