import { exitedCleanly } from "../harness/checks/outcome.ts";
import { clusterScenario } from "./velha-cluster-play.ts";

const AWAY_MS = 4_000;

export default clusterScenario({
  name: "cluster-database-loss",
  title: "Three servers lose PostgreSQL, and no result is lost",
  description:
    "30 bots play 120 matches on three servers; PostgreSQL stands still for 4 s: matches go on, results wait at the clients, every match gives its result, 20 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { backends }) {
    context.phase("without PostgreSQL");
    const outage = context.outage("PostgreSQL away");
    await backends.freezePostgres(true);
    await context.until(outage.startMs + AWAY_MS);
    await backends.freezePostgres(false);
    outage.end();
    context.phase("play on");
  },
  checks: [exitedCleanly("one"), exitedCleanly("two"), exitedCleanly("three")],
});
