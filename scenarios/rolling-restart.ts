import { exitedCleanly } from "fiel";
import { clusterScenario } from "./shared/cluster-play.ts";

export default clusterScenario({
  name: "rolling-restart",
  title: "Three servers are restarted, one after another",
  description:
    "30 bots play 120 matches on three servers, which are stopped and restarted one after another: every match ends with its result, 30 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { servers, restart }) {
    for (const server of [...servers]) {
      context.phase(`restart of ${server.id}`);
      const outage = context.outage(`${server.id} away`);
      await server.program.stop();
      await restart(server);
      outage.end();
      await context.pause(500);
    }
    context.phase("afterwards");
  },
  checks: [exitedCleanly("one"), exitedCleanly("two"), exitedCleanly("three")],
});
