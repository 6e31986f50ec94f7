import { join } from "node:path";
import { defineScenario, exitedCleanly } from "fiel";
import { addressesOf, startBackends } from "./shared/cluster.ts";
import { options, programs } from "./shared/programs.ts";

export default defineScenario({
  name: "cluster-torture",
  title: "Three servers, killed in turn",
  description:
    "Three servers under load, with PostgreSQL and Redis, are killed in turn (`kill -9`) at bad moments, 10 times: nothing acknowledged is missing in PostgreSQL, nothing is counted twice, 40 s.",
  durationSeconds: 40,
  fullSize: { durationSeconds: 900, settings: { kills: 500 } },
  settings: { kills: 10 },
  flows: [],
  async run(context) {
    const { kills = 0 } = context.settings;
    context.phase("start");
    const backends = await startBackends(context);
    context.phase("torture");
    const json = join(context.directory, "torture.json");
    const torture = await context.start({
      id: "torture",
      command: ["node", programs.torture, ...options({ kills, ...addressesOf(backends), json })],
    });
    await torture.ended({ withinMs: kills * 5_000 + 60_000 });
    context.phase("stop");
    await backends.redis.stop();
    await backends.postgres.stop();
  },
  checks: [exitedCleanly("torture")],
});
