import { join } from "node:path";
import { exitedCleanly } from "../harness/checks/outcome.ts";
import { defineScenario } from "../harness/scenario.ts";
import { startBackends } from "./velha-cluster.ts";

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
        ...["node", join(import.meta.dirname, "..", "src", "torture", "main.js")],
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
