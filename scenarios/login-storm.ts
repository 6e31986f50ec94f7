import {
  defineScenario,
  exitedCleanly,
  figureAtLeast,
  figureAtMost,
  quantile,
  type ScenarioContext,
  timing,
} from "fiel";
import { openDoors, registerCrowd, startBareLineServer, startLoad, unwatched } from "./shared/crowd.ts";
import { LATENCY_RESOLUTION_MS, p99TimesBaseline, putFigure, timesBaseline } from "./shared/figures.ts";
import { options, programs } from "./shared/programs.ts";
import { askForList, playBareStorm, playStorm, STORM_WITHIN_MS, type Storm } from "./shared/storm.ts";
import { flows, startServer } from "./shared/velha.ts";

/** Small enough for a few logins to fill it, and long enough for a measurable wait. */
const SMALL_QUEUE = 50;
const LOGINS_AT_ONCE = 150;

export default defineScenario({
  name: "login-storm",
  title: "Everybody logs in at once",
  description:
    "300 logins at once, several times: how busy the hash workers are, how long another client's `list` waits compared with a bare server under the same load, and what clients get when the queue is full, 60 s.",
  durationSeconds: 60,
  settings: { clients: 300, askSeconds: 2, rounds: 5 },
  fullSize: { durationSeconds: 150, settings: { clients: 1_000, askSeconds: 6, rounds: 7 } },
  countsBytes: false,
  flows,
  async run(context) {
    const { clients = 0, rounds = 1 } = context.settings;
    context.phase("registration");
    await registerCrowd(context, clients, { isHashCheap: false });
    const server = await startServer(context, {
      args: [...openDoors, "--heartbeat", "60"],
      environment: unwatched,
    });
    const bareServer = await startBareLineServer(context, { isPinned: false });
    const load = await startLoad(context);
    await askForList(context, load, server, 1);
    await askForList(context, load, bareServer, 0);
    const storms: Storm[] = [];
    const bare: number[][] = [];
    while (storms.length < rounds) {
      context.phase("storm");
      const storm = await playStorm(context, server, () => askForList(context, load, server, 1));
      storms.push(storm);
      context.phase("bare server");
      bare.push(
        await playBareStorm(context, bareServer, storm, () => askForList(context, load, bareServer, 0)),
      );
    }
    await server.program.stop();
    keepStorms(context, storms, bare);
    await fillQueue(context);
  },
  checks: [
    exitedCleanly("server"),
    exitedCleanly("crowded"),
    timing(
      figureAtLeast(
        "use of the hash workers while logins wait",
        95,
        "Find what keeps logins from the workers: password-hasher.ts, or a busy event loop.",
      ),
    ),
    timing(
      figureAtMost("p99 in the storm / bare", 2, "Profile the server with --cpu-prof while the logins come."),
    ),
    figureAtLeast(
      "logins answered TRY_LATER by a full queue",
      1,
      "Send more logins, or look at password-hasher.ts.",
    ),
    timing(
      figureAtMost(
        "wait for TRY_LATER / wait in the queue",
        0.5,
        "TRY_LATER must be sent without waiting: see password-hasher.ts.",
      ),
    ),
  ],
});

function keepStorms(context: ScenarioContext, storms: Storm[], bare: number[][]): void {
  const p99 = (latenciesMs: number[]) => quantile(latenciesMs, 0.99);
  const own = storms.map(({ latenciesMs }) => p99(latenciesMs));
  const bareP99 = bare.map(p99);
  const keep = (name: string, unit: string, values: number[]) => putFigure(context, { name, unit, values });
  keep(
    "use of the hash workers while logins wait",
    "%",
    storms.map(({ workersPercent }) => workersPercent),
  );
  keep(
    "CPU of the clients, of a core",
    "%",
    storms.map(({ clientsPercent }) => clientsPercent),
  );
  keep("p99 of list in the storm", "ms", own);
  keep("p99 of the bare server under as much work", "ms", bareP99);
  const rounds = storms.map(({ latenciesMs: values }, round) => ({ values, baseline: bare[round]! }));
  keep("p99 in the storm / bare", "×", p99TimesBaseline(rounds));
  context.plot({
    name: "storm",
    title: `${context.settings.clients} logins at once: how busy the hash workers are`,
    x: { title: "seconds since the storm began" },
    y: { title: "% of the hash workers" },
    limits: [{ label: "wanted while logins wait: 95 %", y: 95 }],
    series: storms.map(({ looks }, round) => ({ label: `round ${round + 1}`, points: looks })),
  });
  context.plot({
    name: "list-latency",
    title: "How long another client's list waits",
    x: { title: "share of the requests (%)" },
    y: { title: "ms", isLogarithmic: true },
    series: [
      {
        label: "server, in the storm",
        points: distribution(storms.flatMap(({ latenciesMs }) => latenciesMs)),
      },
      { label: "bare server, under as much work", points: distribution(bare.flat()) },
    ],
  });
}

/** Sends more logins at once than the short queue of this server can hold. */
async function fillQueue(context: ScenarioContext): Promise<void> {
  context.phase("full queue");
  const server = await startServer(context, {
    id: "crowded",
    args: [...openDoors, "--hash-queue", `${SMALL_QUEUE}`],
    environment: unwatched,
  });
  const filler = await context.start({
    id: "filler",
    command: [
      "node",
      programs.attackers,
      "full-queue",
      ...options({ port: server.port, "tls-port": server.port + 1, logins: LOGINS_AT_ONCE }),
    ],
    environment: unwatched,
  });
  const [, answered = "{}"] = await filler.sees(/^answered (.*)/, { withinMs: STORM_WITHIN_MS });
  const { refusedMs, hashedMs } = JSON.parse(answered) as { refusedMs: number[]; hashedMs: number[] };
  await filler.ended();
  await server.program.stop();
  const [refused, hashed] = [quantile(refusedMs, 0.99), quantile(hashedMs, 0.5)];
  const keep = (name: string, unit: string, value: number) =>
    putFigure(context, { name, unit, values: [value] });
  keep("logins answered TRY_LATER by a full queue", "", refusedMs.length);
  keep("wait for TRY_LATER, p99", "ms", refused);
  keep("wait in the queue, median", "ms", hashed);
  keep("wait for TRY_LATER / wait in the queue", "×", timesBaseline(refused, hashed, LATENCY_RESOLUTION_MS));
}

function distribution(latenciesMs: number[]): { x: number; y: number }[] {
  return Array.from({ length: 100 }, (_, percent) => ({
    x: percent + 0.5,
    y: quantile(latenciesMs, (percent + 0.5) / 100),
  }));
}
