import { exitedCleanly } from "fiel";
import { clusterScenario } from "./shared/cluster-play.ts";
import { leave, signUp, startClient } from "./shared/velha.ts";

const AWAY_MS = 4_000;

export default clusterScenario({
  name: "cluster-database-loss",
  title: "Three servers lose PostgreSQL",
  description:
    "30 bots play 120 matches on three servers while PostgreSQL is frozen for 4 s: matches continue, results wait at the clients, logins get TRY_LATER, and every match ends with its result, 20 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { backends, servers: [server] }) {
    if (!server) return;
    const alan = await startClient(context, "alan", server.port, { host: server.host });
    await signUp(alan, "alan");
    alan.type("logout");
    await alan.sees(/^Logged out/);

    context.phase("without PostgreSQL");
    const outage = context.outage("PostgreSQL away");
    await backends.freezePostgres(true);
    try {
      alan.type("login alan alan-secret");
      await alan.sees(/The server is busy: try again in \d+ s/);
      await context.until(outage.startMs + AWAY_MS);
    } finally {
      // A frozen process would outlive a run that fails here.
      await backends.freezePostgres(false);
    }
    outage.end();
    context.phase("recovery");
    alan.type("login alan alan-secret");
    await alan.sees(/^Logged in as /);
    await leave(alan);
  },
  checks: [exitedCleanly("alan"), exitedCleanly("one"), exitedCleanly("two"), exitedCleanly("three")],
});
