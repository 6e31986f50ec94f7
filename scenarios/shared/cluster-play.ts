// Bots that play on three servers of one game while something goes wrong.
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
import { options } from "./programs.ts";
import { flows, startBots } from "./velha.ts";

export const CLIENTS = 30;
const SERVERS = ["one", "two", "three"];
const ARGS = ["--attempt-limits", "off", "--heartbeat", "1"];

export interface Cluster {
  backends: Backends;
  servers: ClusterServer[];
  bots: Program;
  /** Starts the server again with the same addresses and data. */
  restart(server: ClusterServer): Promise<void>;
}

interface ClusterScenario {
  name: string;
  title: string;
  description: string;
  /** By all 30 clients together. The bots exit with 0 only if each match had the result that its moves give. */
  matches: number;
  /** How long a bot thinks about each move. */
  thinkSeconds?: number;
  /** Called when everybody is logged in. */
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
      const asked = { clients: CLIENTS, matches, ramp: 15, look: 3, think: thinkSeconds, json: botsReport };
      const bots = await startBots(context, servers, options(asked));
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
