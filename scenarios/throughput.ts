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
  startBareLineServer,
  startLoad,
  unwatched,
} from "./shared/crowd.ts";
import { putFigure } from "./shared/figures.ts";
import { flows, type Server, startServer } from "./shared/velha.ts";

const CONNECTIONS = 50;
const FEW_USERS = 2;
const LOADS = [
  { name: "one at a time", pipelined: 1, wanted: 0.8 },
  { name: "16 pipelined", pipelined: 16, wanted: 0.5 },
];
const REQUESTS = ["list", "leaders"];
/** By then the code of both servers is compiled. */
const WARM_UP_MS = 1_000;

interface Saturated {
  requestsPerSecond: number;
  requestsPerCpuSecond: number | null;
  answerBytes: number;
}

export default defineScenario({
  name: "throughput",
  title: "Requests per second, compared with a bare server",
  description:
    "`list` and `leaders` over 50 connections, one at a time and 16 pipelined, interleaved with a bare line server, 35 s.",
  durationSeconds: 35,
  settings: { users: 100, rounds: 5, roundMs: 100 },
  fullSize: { durationSeconds: 120, settings: { users: 1_000, rounds: 9, roundMs: 500 } },
  countsBytes: false,
  flows,
  async run(context) {
    context.phase("start");
    const { users = 0 } = context.settings;
    await registerCrowd(context, users);
    const server = await startServer(context, {
      // The load's connections have no heartbeat and must stay for the whole run.
      args: [...openDoors, "--heartbeat", "120"],
      environment: unwatched,
      core: SERVER_CORE,
    });
    const bareServer = await startBareLineServer(context);
    const load = await startLoad(context);
    const bars: { category: string; y: number; low: number; high: number }[] = [];
    for (const online of [FEW_USERS, users]) {
      context.phase(`${online} users log in`);
      const bots = await bringCrowd(context, server, { clients: online, args: ["--seed", "1"] });
      for (const request of REQUESTS) {
        for (const { name, pipelined } of LOADS) {
          const title = `${request} ${name}, ${online} users`;
          context.phase(title);
          const ratios = await compare(context, { title, server, bareServer, load, request, pipelined });
          if (ratios.length === 0) continue;
          bars.push({
            category: `${request} ×${pipelined}, ${online}`,
            y: median(ratios),
            low: Math.min(...ratios),
            high: Math.max(...ratios),
          });
        }
      }
      context.phase("users leave");
      await dismissCrowd(bots);
    }
    context.plot({
      name: "throughput",
      title: "Requests per second, as a share of the bare server's",
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
  bareServer: Server;
  load: Awaited<ReturnType<typeof startLoad>>;
  request: string;
  pipelined: number;
}

/** Interleaved, so that other work on the machine affects both. */
async function compare(
  context: ScenarioContext,
  { title, server, bareServer, load, request, pipelined }: Comparison,
): Promise<number[]> {
  const { rounds = 1, roundMs = 1 } = context.settings;
  const rate = (of: Server, greetingLines: number, durationMs: number) =>
    load.ask<Saturated>({
      kind: "saturate",
      server: { host: of.host, port: of.port, greetingLines },
      connections: CONNECTIONS,
      request,
      pipelined,
      durationMs,
      pid: of.program.pid,
    });
  const { answerBytes } = await rate(server, 1, WARM_UP_MS);
  bareServer.program.type(`answer ${answerBytes}`);
  await bareServer.program.sees(/: set$/);
  await rate(bareServer, 0, WARM_UP_MS);
  const served: Saturated[] = [];
  const bare: Saturated[] = [];
  while (served.length < rounds) {
    served.push(await rate(server, 1, roundMs));
    bare.push(await rate(bareServer, 0, roundMs));
  }
  const ratesOf = (each: Saturated[]) => each.map(({ requestsPerSecond }) => requestsPerSecond);
  // Where the CPU time is unknown, the server is assumed to use its whole core.
  const costs = (each: Saturated[]) =>
    each.map(({ requestsPerCpuSecond, requestsPerSecond }) => requestsPerCpuSecond ?? requestsPerSecond);
  // On a busy machine a server may not run at all in a round: that round has no ratio.
  const ratiosOf = (one: number[], other: number[]) =>
    one
      .map((value, round) => value / other[round]!)
      .filter((ratio) => ratio > 0 && ratio < Number.POSITIVE_INFINITY);
  const ratios = ratiosOf(costs(served), costs(bare));
  putFigure(context, { name: `${title}: server`, unit: "/s of CPU", values: costs(served) });
  putFigure(context, { name: `${title}: bare server`, unit: "/s of CPU", values: costs(bare) });
  putFigure(context, { name: `${title}: ratio`, unit: "×", values: ratios });
  putFigure(context, {
    name: `${title}: ratio by the clock`,
    unit: "×",
    values: ratiosOf(ratesOf(served), ratesOf(bare)),
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
