import { exitedCleanly, figureAtMost, StepFailure } from "fiel";
import { CLIENTS, clusterScenario } from "./shared/cluster-play.ts";
import { controlConnections, listed } from "./shared/cluster-presence.ts";

const AWAY_MS = 6_000;
/** The longest time after which a reconnected server closes connections that lost their heartbeat. */
const HEALED_MS = 4_000;
const TWICE = "connections beyond one per player, all servers";
const LISTED_TWICE = "names listed twice or missing, all servers";

export default clusterScenario({
  name: "cluster-partition",
  title: "One of three servers is cut off",
  description:
    "30 bots play 120 matches on three servers. One loses its network for 6 s: its players continue at the others, every match ends with its result, and afterwards nobody is online twice, 25 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { servers: [lost], servers }) {
    if (!lost?.network)
      throw new StepFailure(
        "cutting a server off needs a network namespace, which this user may not create: run the scenario as root",
        lost?.id ?? null,
      );
    context.phase("one server is cut off");
    const outage = context.outage(`${lost.id}: link down`);
    await lost.network.down();
    await context.until(outage.startMs + AWAY_MS);
    await lost.network.up();
    outage.end();
    context.phase("recovery");
    await context.pause(HEALED_MS);
    const beyond = Math.max(0, (await controlConnections(servers)) - CLIENTS);
    context.figure({ name: TWICE, unit: "connections", values: [beyond] });
    const lists = await Promise.all(servers.map(listed));
    const off = lists.reduce(
      (sum, users) => sum + Math.abs(users.length - CLIENTS) + (users.length - new Set(users).size),
      0,
    );
    context.figure({ name: LISTED_TWICE, unit: "names", values: [off] });
  },
  checks: [
    exitedCleanly("one"),
    exitedCleanly("two"),
    exitedCleanly("three"),
    figureAtMost(
      TWICE,
      0,
      "A login at another server did not end the session at the server that was cut off.",
    ),
    figureAtMost(LISTED_TWICE, 0, "The servers and Redis disagree about who is online."),
  ],
});
