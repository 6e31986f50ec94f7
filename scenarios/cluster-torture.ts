import { join } from "node:path";
import { defineScenario, exitedCleanly } from "fiel";
import { startBackends } from "./shared/cluster.ts";
import { programs } from "./shared/programs.ts";

export default defineScenario({
  name: "cluster-torture",
  title: "Three servers, killed in turn",
  description:
    "PostgreSQL, Redis and three servers under load, one after the other killed (`kill -9`) at bad moments, 10 times: nothing acknowledged is missing in PostgreSQL, nothing counted twice, 40 s.",
  durationSeconds: 40,
  fullSize: { durationSeconds: 900, settings: { kills: 500 } },
  settings: { kills: 10 },
  flows: [],
  async run(context) {
    const { kills = 0 } = context.settings;
    context.phase("start");
    const backends = await startBackends(context);
    context.phase("torture");
    const torture = await context.start({
      id: "torture",
      command: [
        ...["node", programs.torture],
        ...["--kills", `${kills}`],
        ...["--database", `postgres://velha@127.0.0.1:${backends.databasePort}/postgres`],
        ...["--presence", `redis://127.0.0.1:${backends.redisPort}`],
        ...["--json", join(context.directory, "torture.json")],
      ],
      countedBy: "kernel",
    });
    await torture.ended({ withinMs: kills * 5_000 + 60_000 });
    context.phase("stop");
    await backends.redis.stop();
    await backends.postgres.stop();
  },
  checks: [exitedCleanly("torture")],
});
