import { exitedCleanly } from "fiel";
import { clusterScenario } from "./shared/cluster-play.ts";

export default clusterScenario({
  name: "cluster-server-loss",
  title: "One of three servers dies",
  description:
    "30 bots play 120 matches on three servers. One is killed for good: its players continue at the others, and every match ends with its result, 20 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { servers: [lost], servers }) {
    if (!lost) return;
    context.phase("one server is gone");
    const outage = context.outage(`${lost.id} is dead`);
    lost.program.signal("SIGKILL");
    await lost.program.ended();
    servers.shift();
    await context.pause(6_000);
    outage.end();
  },
  checks: [exitedCleanly("two"), exitedCleanly("three")],
});
