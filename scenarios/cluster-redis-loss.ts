import { exitedCleanly } from "fiel";
import { startRedis } from "./shared/cluster.ts";
import { CLIENTS, clusterScenario } from "./shared/cluster-play.ts";
import { presenceIsBack } from "./shared/cluster-presence.ts";

const AWAY_MS = 3_000;

export default clusterScenario({
  name: "cluster-redis-loss",
  title: "Three servers lose Redis in three ways",
  description:
    "30 bots play 120 matches on three servers. Redis is killed and restarted empty, then frozen, then emptied: every match ends with its result, and presence and leaderboard are rebuilt, 25 s.",
  matches: 120,
  thinkSeconds: 0.1,
  async during(context, { backends }) {
    context.phase("Redis is killed");
    const killed = context.outage("dead");
    backends.redis.signal("SIGKILL");
    await backends.redis.ended();
    await context.until(killed.startMs + AWAY_MS);
    backends.redis = await startRedis(context, backends.redisPort);
    killed.end();
    await presenceIsBack(context, backends, CLIENTS);
    await context.pause(2_000);

    context.phase("Redis is frozen");
    const stopped = context.outage("frozen");
    backends.redis.signal("SIGSTOP");
    await context.until(stopped.startMs + AWAY_MS);
    backends.redis.signal("SIGCONT");
    stopped.end();
    await context.pause(2_000);
    await presenceIsBack(context, backends, CLIENTS);

    context.phase("Redis is emptied");
    const emptied = context.outage("empty");
    await backends.emptyRedis();
    await presenceIsBack(context, backends, CLIENTS);
    emptied.end();
  },
  checks: [exitedCleanly("one"), exitedCleanly("two"), exitedCleanly("three")],
});
