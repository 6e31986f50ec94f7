// A crowd that plays on three servers of one game, and something that goes wrong meanwhile.
import { join } from "node:path";
import {
  type Check,
  defineScenario,
  eventHappened,
  exitedCleanly,
  noResiduals,
  type Program,
  type ScenarioContext,
} from "fiel";
import { type Backends, type ClusterServer, startBackends, startClusterServer } from "./cluster.ts";
import { compareWithPostgres, postgresAgrees } from "./cluster-truth.ts";
import { flows, startBots } from "./velha.ts";

export const CLIENTS = 30;
const SERVERS = ["one", "two", "three"];
const ARGS = ["--attempt-limits", "off", "--heartbeat", "1"];

export interface Cluster {
  backends: Backends;
  servers: ClusterServer[];
  bots: Program;
  /** The same server again, where it was. */
  restart(server: ClusterServer): Promise<void>;
}

interface ClusterScenario {
  name: string;
  title: string;
  description: string;
  /** In all, by 30 clients. Bots end well only if each match gave the result that its moves came to. */
  matches: number;
  /** About each move. */
  thinkSeconds?: number;
  /** Once everybody is logged in. */
  during?(context: ScenarioContext, cluster: Cluster): Promise<void>;
  checks?: Check[];
}

export function clusterScenario({
  matches,
  thinkSeconds = 0,
  during,
  checks = [],
  ...about
}: ClusterScenario) {
  return defineScenario({
    ...about,
    durationSeconds: 30,
    flows,
    async run(context) {
      context.phase("start");
      const backends = await startBackends(context);
      const servers: ClusterServer[] = [];
      for (const id of SERVERS) servers.push(await startClusterServer(context, id, backends, { args: ARGS }));

      context.phase("play");
      const botsReport = join(context.directory, "bots.json");
      const bots = await startBots(context, servers, [
        ...["--clients", `${CLIENTS}`, "--matches", `${matches}`, "--ramp", "15", "--look", "3"],
        ...["--think", `${thinkSeconds}`],
        ...["--json", botsReport],
      ]);
      await bots.sees(/^30 of 30 clients are logged in/, { withinMs: 20_000 });
      const restart = async (server: ClusterServer) => {
        const again = await startClusterServer(context, server.id, backends, { args: ARGS, again: server });
        servers[servers.indexOf(server)] = again;
      };
      await during?.(context, { backends, servers, bots, restart });
      await bots.ended({ withinMs: 60_000 });

      context.phase("stop");
      await compareWithPostgres(context, { backends, servers, botsReport });
      for (const { program } of servers) await program.stop();
      await backends.redis.stop();
      await backends.postgres.stop();
    },
    checks: [
      exitedCleanly("bots"),
      eventHappened("everybody-in", 1),
      noResiduals(),
      ...postgresAgrees,
      ...checks,
    ],
  });
}
