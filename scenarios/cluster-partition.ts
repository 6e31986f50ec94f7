import { exitedCleanly, figureAtMost, StepFailure } from "fiel";
import { CLIENTS, clusterScenario } from "./shared/cluster-play.ts";
import { controlConnections, listed } from "./shared/cluster-presence.ts";

const AWAY_MS = 6_000;
/** A server that hears again takes no longer to give up connections whose heartbeat is lost. */
const HEALED_MS = 4_000;
const TWICE = "connections beyond one of each player, all servers";
const LISTED_TWICE = "names listed twice or missing, all servers";

export default clusterScenario({
  name: "cluster-partition",
  title: "One of three servers is cut off",
  description:
    "30 bots play 120 matches on three servers; the link of one goes down for 6 s, to its players, PostgreSQL and Redis alike: they go on elsewhere, every match gives its result, and after healing nobody is online twice, 25 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { servers: [lost], servers }) {
    if (!lost?.network)
      throw new StepFailure(
        "a server can only be cut off in a network namespace of its own, which this user may not make: run it as root",
        lost?.id ?? null,
      );
    context.phase("one server is cut off");
    const outage = context.outage(`${lost.id}: link down`);
    await lost.network.down();
    await context.until(outage.startMs + AWAY_MS);
    await lost.network.up();
    outage.end();
    context.phase("play on");
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
    figureAtMost(TWICE, 0, "A login elsewhere did not end the session at the server that was cut off."),
    figureAtMost(LISTED_TWICE, 0, "The servers do not agree with Redis about who is online."),
  ],
});
