// What operations cost servers, PostgreSQL and Redis: counts and CPU before and after many of one kind, and, for a few
// more, every command that Redis receives.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { cpuTimeMs, createDescendantsFinder, type Program } from "fiel";
import type { Backends } from "./cluster.ts";
import { options } from "./programs.ts";

const run = promisify(execFile);
/** By then Redis has received what was sent without waiting for an answer. */
const TRAILING_MS = 150;

/** The setting of PostgreSQL that makes it count statements. */
export const countStatements = { shared_preload_libraries: "pg_stat_statements" };

export interface Spent {
  serverMs: number;
  /** CPU of the server without players; `serverMs` includes it. */
  bystanderMs: number;
  postgresMs: number;
  redisMs: number;
  roundTrips: number;
  writes: number;
  redisBytes: number;
}

export interface Watched {
  servers: readonly { program: Program }[];
  bystander: { program: Program } | null;
  backends: Backends | null;
}

export async function spentOn(
  { servers, bystander, backends }: Watched,
  work: () => Promise<void>,
): Promise<Spent> {
  const before = backends ? await countsOf(backends) : noCounts;
  const findDescendants = createDescendantsFinder();
  const cpu = () => ({
    servers: cpuOf(servers.map(({ program }) => program.pid)),
    bystander: cpuOf(bystander ? [bystander.program.pid] : []),
    redis: cpuOf(backends ? [backends.redis.pid] : []),
    postgres: cpuOf(backends ? [backends.postgres.pid, ...findDescendants(backends.postgres.pid)] : []),
  });
  const cpuBefore = cpu();
  await work();
  const cpuAfter = cpu();
  const after = backends ? await countsOf(backends) : noCounts;
  return {
    serverMs: grown(cpuBefore.servers, cpuAfter.servers),
    bystanderMs: grown(cpuBefore.bystander, cpuAfter.bystander),
    postgresMs: grown(cpuBefore.postgres, cpuAfter.postgres),
    redisMs: grown(cpuBefore.redis, cpuAfter.redis),
    roundTrips: after.roundTrips - before.roundTrips,
    writes: after.writes - before.writes,
    redisBytes: after.redisBytes - before.redisBytes - before.askedBytes,
  };
}

/** `askedBytes`: what reading the count adds to it. */
const noCounts = { roundTrips: 0, writes: 0, redisBytes: 0, askedBytes: 0 };

async function countsOf({ databasePort, redisPort }: Backends): Promise<typeof noCounts> {
  // Statements of the servers, without those that set up a connection and without this one.
  const answer = await sql(
    databasePort,
    `SELECT coalesce(sum(calls), 0), coalesce(sum(calls) FILTER (WHERE query !~ '^\\s*SELECT'), 0) FROM pg_stat_statements
     WHERE query ~ '^\\s*(SELECT|INSERT|UPDATE|DELETE|WITH)' AND query !~ 'pg_stat_statements'`,
  );
  const [roundTrips = 0, writes = 0] = answer.split("|").map(Number);
  const { stdout } = await run("redis-cli", ["-p", `${redisPort}`, "INFO", "stats"]);
  const counted = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(stdout)?.[1]);
  const redisBytes = counted("total_net_input_bytes") + counted("total_net_output_bytes");
  return { roundTrips, writes, redisBytes, askedBytes: stdout.length };
}

export async function sql(port: number, statement: string): Promise<string> {
  const place = options({ host: "127.0.0.1", port, username: "velha", dbname: "postgres" });
  const words = [...place, "--no-align", "--tuples-only", "--no-psqlrc", "--command", statement];
  return (await run("psql", words)).stdout.trim();
}

function cpuOf(pids: readonly number[]): Map<number, number> {
  return new Map(pids.map((pid) => [pid, cpuTimeMs(pid) ?? 0]));
}

/** A process that ended meanwhile does not count: PostgreSQL ends idle processes. */
function grown(before: Map<number, number>, after: Map<number, number>): number {
  return [...after].reduce((sum, [pid, ms]) => sum + ms - (before.get(pid) ?? 0), 0);
}

/** The cost of each of `count` operations, without the idle cost of that time: `part` of `idle`. */
export function spentOnEach(
  spent: Spent,
  idle: Spent,
  { part, count }: { part: number; count: number },
): Spent {
  const each = (name: keyof Spent) => (spent[name] - idle[name] * part) / count;
  return {
    serverMs: each("serverMs"),
    bystanderMs: each("bystanderMs"),
    postgresMs: each("postgresMs"),
    redisMs: each("redisMs"),
    roundTrips: each("roundTrips"),
    writes: each("writes"),
    redisBytes: each("redisBytes"),
  };
}

export interface RedisCommand {
  /** Its name, with the hash of the script if it is one. */
  kind: string;
  /** Called by a script inside Redis, not sent over a connection. */
  isInside: boolean;
}

/** Every command that Redis receives during `work` and just after. */
export async function commandsDuring(port: number, work: () => Promise<void>): Promise<RedisCommand[]> {
  const monitor = spawn("redis-cli", ["-p", `${port}`, "monitor"], { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  monitor.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
  });
  await once(monitor.stdout, "data");
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, TRAILING_MS));
  } finally {
    monitor.kill();
    await once(monitor, "exit");
  }
  return text.split("\n").flatMap((line) => {
    const [, origin, name = "", argument] = /^\S+ \[\d+ ([^\]]+)\] "(\w+)"(?: "(\w*)")?/.exec(line) ?? [];
    if (origin === undefined) return [];
    const isScript = /^evalsha$/i.test(name);
    return [{ kind: isScript ? `script ${argument}` : name.toUpperCase(), isInside: origin === "lua" }];
  });
}
