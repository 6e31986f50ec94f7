import { join } from "node:path";
import { exitedCleanly, rssBelowMb, timing } from "../harness/checks/outcome.ts";
import type { RunResult } from "../harness/result.ts";
import { type Check, defineScenario, type ScenarioContext } from "../harness/scenario.ts";
import { median } from "../harness/statistics/quantiles.ts";
import { flows, startServer } from "./velha.ts";

const ATTACKS = [
  ...["no newline", "100 MB line", "one byte at a time", "NUL and invalid UTF-8", "half a message"],
  ...["a million messages", "a million empty lines", "nothing said", "half a handshake", "answers unread"],
  ...["come and go", "5,000 from one address", "ids guessed", "passwords guessed"],
];
const CALM_MS = 500;
const FULL_SIZE_MS = 30_000;
const attackers = join(import.meta.dirname, "..", "test", "hostile", "main.js");
/** Tens of thousands of connections: their bytes are nobody's concern here. */
const unwatched = { NODE_OPTIONS: "" };

export default defineScenario({
  name: "hostile",
  title: "Strangers do their worst",
  description: "Ten honest clients ask on while strangers attack the server in fourteen ways, 30 s.",
  durationSeconds: 30,
  flows,
  async run(context) {
    context.phase("start");
    const server = await startServer(context, { environment: unwatched });
    const size = Math.min(1, context.durationMs / FULL_SIZE_MS);
    const target = ["--port", `${server.port}`, "--tls-port", `${server.port + 1}`];
    const told = { match: /^(calm|attack .*): p99 (\S+) ms/, name: "p99", label: "" };
    const honest = await context.start({
      id: "honest",
      command: ["node", attackers, "honest", ...target],
      environment: unwatched,
      events: [told],
    });
    await honest.sees(/^honest clients play/);
    const attacker = await context.start({
      id: "attacker",
      command: ["node", attackers, "attack", ...target, "--size", `${size}`],
      environment: unwatched,
      events: [{ match: /^attack: (.*)/, name: "attack", label: "$1" }],
    });
    await attacker.sees(/^ready/);
    const takes = async (stretch: string) => {
      honest.type(stretch);
      const [, p99 = ""] = await honest.sees(/: p99 (\S+) ms/);
      return Number(p99);
    };
    const [calm, attacked]: [number[], number[]] = [[], []];
    await context.pause(1_000);
    await takes("warm-up");
    for (const attack of ATTACKS) {
      await context.pause(CALM_MS * size);
      calm.push(await takes("calm"));
      context.phase(attack);
      attacker.type(attack);
      await attacker.sees(/^over: /, { withinMs: 20_000 });
      attacked.push(await takes(`attack ${attack}`));
      context.phase("calm");
    }
    context.phase("stop");
    await attacker.stop();
    await honest.stop();
    await server.program.stop();
    keepLatencies(context, calm, attacked);
  },
  checks: [exitedCleanly("server"), rssBelowMb("server", 400), timing(latencyAtMostDoubles()), nobodyCut()],
});

/** Each attack beside the calm stretches right before and after it; in the last one's place, before. */
function keepLatencies(context: ScenarioContext, calm: number[], attacked: number[]): void {
  const ratios = attacked.map((p99, at) => p99 / median(calm.slice(at, at + 2)));
  for (const [at, attack] of ATTACKS.entries())
    context.figure({ name: `p99 during "${attack}" / calm`, unit: "×", values: [ratios[at]!] });
  context.plot({
    name: "attacks",
    title: "p99 of honest clients under each attack, beside calm",
    x: { title: "", categories: ATTACKS },
    y: { title: "× of calm", isLogarithmic: true },
    limits: [{ label: "wanted of the median: 2 ×", y: 2 }],
    series: [{ label: "attack / calm", points: ratios.map((y, x) => ({ x, y })) }],
  });
}

/** The median of the attacks' p99 over that of the calm stretches between them. */
function latencyAtMostDoubles(): Check {
  return (result) => {
    const [calm, attacked] = [p99s(result, /^calm:/), p99s(result, /^attack /)];
    const ratio = median(attacked) / median(calm);
    return {
      name: "p99 of honest clients, under attack / calm, median of the stretches",
      passed: ratio <= 2,
      value: Math.round(ratio * 100) / 100,
      limit: 2,
      unit: "×",
      advice: "See which attack it is in the events of `honest`, then profile the server under it alone.",
    };
  };
}

/** The program of the honest clients ends by itself when one of them is cut. */
function nobodyCut(): Check {
  return (result) => {
    const answered = p99s(result, /^(calm:|attack )/).length;
    return {
      name: "stretches in which every honest client was answered",
      passed: answered === 2 * ATTACKS.length,
      value: answered,
      limit: 2 * ATTACKS.length,
      unit: "stretches",
      advice: "Look at what `honest` printed last, and at log.txt for why the server cut it.",
    };
  };
}

function p99s({ events }: RunResult, stretch: RegExp): number[] {
  return events
    .filter(({ name, text }) => name === "p99" && stretch.test(text))
    .map(({ text }) => Number(/p99 (\S+) ms/.exec(text)?.[1]));
}
