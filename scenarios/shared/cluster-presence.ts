// Who is online in a game of several servers: according to Redis, to the servers' answers, and to their connections.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type ScenarioContext, StepFailure } from "fiel";
import type { Backends, ClusterServer } from "./cluster.ts";

const run = promisify(execFile);
const LOOK_AGAIN_MS = 50;
const BACK_WITHIN_MS = 10_000;

/** Resolves when Redis knows this many players again. */
export async function presenceIsBack(
  context: ScenarioContext,
  { redisPort }: Backends,
  players: number,
): Promise<void> {
  const giveUpMs = performance.now() + BACK_WITHIN_MS;
  for (;;) {
    const { stdout } = await run("redis-cli", ["-p", `${redisPort}`, "HLEN", "velha:users"]);
    if (Number(stdout) === players) return;
    if (performance.now() > giveUpMs)
      throw new StepFailure(`Redis knows ${stdout.trim()} players instead of ${players}`, "redis");
    await context.pause(LOOK_AGAIN_MS);
  }
}

export async function listed(server: ClusterServer): Promise<string[]> {
  const { players } = (await (await ask(server, "/api/players?limit=1000")).json()) as {
    players: { user: string }[];
  };
  return players.map(({ user }) => user);
}

export async function leaders(server: ClusterServer): Promise<Map<string, number>> {
  const answer = (await (await ask(server, "/api/leaders?limit=1000")).json()) as {
    leaders: { user: string; points: number }[];
  };
  return new Map(answer.leaders.map(({ user, points }) => [user, points]));
}

/** The players' control connections at all servers; each player should have exactly one. */
export async function controlConnections(servers: readonly ClusterServer[]): Promise<number> {
  const each = await Promise.all(
    servers.map(async (server) => {
      const metrics = await (await ask(server, "/metrics")).text();
      const [, count] = /^velha_connections\{flow="control"\} (\d+)/m.exec(metrics) ?? [];
      if (count === undefined)
        throw new StepFailure("the server's metrics do not include its control connections", server.id);
      return Number(count);
    }),
  );
  return each.reduce((sum, count) => sum + count, 0);
}

function ask({ host, httpPort }: ClusterServer, path: string): Promise<Response> {
  return fetch(`http://${host}:${httpPort}${path}`);
}
