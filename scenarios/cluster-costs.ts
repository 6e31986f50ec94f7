import { defineScenario, figureAtMost } from "fiel";
import { addressesOf, startBackends } from "./shared/cluster.ts";
import { backendsAlone } from "./shared/cluster-baseline.ts";
import { countStatements, sql } from "./shared/cluster-cost.ts";
import { costPlots } from "./shared/cluster-cost-plots.ts";
import { accountsOf, type CostRun, measureSetup, OPERATIONS, TABLES } from "./shared/cluster-operations.ts";
import { registerCrowd } from "./shared/crowd.ts";
import { flows } from "./shared/velha.ts";

const SERVERS = ["one", "two", "three"];

export default defineScenario({
  name: "cluster-costs",
  title: "What an operation costs",
  description:
    "What logins, lists, heartbeats and matches cost, on one embedded server, and on one, two and three servers that share PostgreSQL and Redis, 30 s.",
  durationSeconds: 30,
  settings: { clients: 60, lists: 200, idleMs: 500, aloneSeconds: 1 },
  fullSize: { durationSeconds: 90, settings: { clients: 320, lists: 2_000, idleMs: 3_000, aloneSeconds: 2 } },
  countsBytes: false,
  flows,
  async run(context) {
    const clients = accountsOf(context);
    const run: CostRun = { context, backends: null, cells: [] };
    await registerCrowd(context, clients);
    await measureSetup(run, []);
    const backends = await startBackends(context, { databaseSettings: countStatements });
    await sql(backends.databasePort, "CREATE EXTENSION pg_stat_statements");
    await registerCrowd(context, clients, { database: addressesOf(backends).database });
    for (let count = 1; count <= SERVERS.length; count++)
      await measureSetup({ ...run, backends }, SERVERS.slice(0, count));
    const names = new Map(OPERATIONS.map((operation) => [TABLES[operation], operation]));
    for (const plot of costPlots(run.cells, names)) context.plot(plot);
    context.phase("alone");
    const alone = await backendsAlone(context, backends, context.settings.aloneSeconds ?? 1);
    for (const { name, perSecond } of alone)
      context.figure({ name: `alone: ${name}`, unit: "/s", values: [perSecond] });
    await backends.redis.stop();
    await backends.postgres.stop();
  },
  checks: ["1 server", "2 servers", "3 servers"].flatMap((column) => [
    figureAtMost(
      `list, ${column}: round trips to PostgreSQL`,
      0,
      "The list of players must come from Redis.",
    ),
    figureAtMost(
      `heartbeat, ${column}: Redis commands`,
      0.5,
      "Each server renews one lease, not one for each client.",
    ),
    figureAtMost(
      `${TABLES.begin}, ${column}: messages between servers`,
      2,
      "Expected: one to the invitee's server and one back.",
    ),
  ]),
});
