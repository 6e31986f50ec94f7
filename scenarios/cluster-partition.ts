import { exitedCleanly } from "../harness/checks/outcome.ts";
import { StepFailure } from "../harness/step-failure.ts";
import { clusterScenario } from "./velha-cluster-play.ts";

const AWAY_MS = 6_000;

export default clusterScenario({
  name: "cluster-partition",
  title: "One of three servers is cut off, its players go on elsewhere",
  description:
    "30 bots play 120 matches on three servers; the link of one goes down for 6 s, to its players, PostgreSQL and Redis alike: they go on elsewhere, and every match gives its result, 20 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { servers: [lost] }) {
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
  },
  checks: [exitedCleanly("one"), exitedCleanly("two"), exitedCleanly("three")],
});
