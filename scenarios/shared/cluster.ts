// What scenarios of several servers share: PostgreSQL and Redis as programs of a run, and servers, each with a network of
// its own where that is permitted.
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { IsolatedNetwork, Program, ScenarioContext } from "fiel";
import { type Server, startServer } from "./velha.ts";

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";
const LOOPBACK = "127.0.0.1";

export interface Backends {
  postgres: Program;
  redis: Program;
  redisPort: number;
  databasePort: number;
  /** `FLUSHALL` */
  emptyRedis(): Promise<void>;
  /** All of its processes stand still, or go on. */
  freezePostgres(isFrozen: boolean): Promise<void>;
}

export interface ClusterServer extends Server {
  id: string;
  network: IsolatedNetwork | null;
  httpPort: number;
}

/** Both on this machine, reachable from every network of the run; they keep nothing beyond it. */
export async function startBackends(
  context: ScenarioContext,
  { databaseOptions = [] }: { databaseOptions?: string[] } = {},
): Promise<Backends> {
  const databasePort = await context.freePort();
  const redisPort = await context.freePort();
  const folder = await context.temporaryFolder();
  const postgres = await startPostgres(context, folder, databasePort, databaseOptions);
  const redis = await startRedis(context, redisPort);
  const emptyRedis = async () => void (await run("redis-cli", ["-p", `${redisPort}`, "FLUSHALL"]));
  return { postgres, redis, redisPort, databasePort, emptyRedis, freezePostgres: freezer(postgres) };
}

/** PostgreSQL has a process for each connection, and a process group for each process. */
function freezer(postgres: Program): (isFrozen: boolean) => Promise<void> {
  const { pid } = postgres;
  let workers: number[] = [];
  return async (isFrozen) => {
    if (!isFrozen) {
      for (const worker of workers) send(worker, "SIGCONT");
      postgres.signal("SIGCONT");
      return;
    }
    // First the one that starts the others.
    postgres.signal("SIGSTOP");
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
    workers = children.trim().split(" ").filter(Boolean).map(Number);
    for (const worker of workers) send(worker, "SIGSTOP");
  };
}

function send(pid: number, signal: "SIGSTOP" | "SIGCONT"): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended since.
  }
}

/** Also again, empty, at the same port. */
export async function startRedis(context: ScenarioContext, port: number): Promise<Program> {
  const redis = await context.start({
    id: "redis",
    command: [
      ...["redis-server", "--port", `${port}`, "--save", "", "--appendonly", "no"],
      ...["--bind", "0.0.0.0", "--protected-mode", "no"],
    ],
    countedBy: "kernel",
  });
  await redis.sees(/Ready to accept connections/);
  return redis;
}

/** It refuses to run as root: its own user runs it then. */
async function startPostgres(
  context: ScenarioContext,
  folder: string,
  port: number,
  options: string[],
): Promise<Program> {
  const programs = newestPostgres();
  const data = join(folder, "data");
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = async (option: string) => Number((await run("id", [option, "postgres"])).stdout);
    await chown(folder, await id("-u"), await id("-g"));
  }
  const asOwner = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  const [initdb = "", ...initdbArgs] = [
    ...asOwner,
    join(programs, "initdb"),
    "-D",
    data,
    "-U",
    "velha",
    "-A",
    "trust",
  ];
  await run(initdb, initdbArgs);
  // Only the networks that scenarios make may come in.
  const rules = "host all velha 198.18.0.0/15 trust";
  await run("sh", ["-c", `echo '${rules}' >> "$0"`, join(data, "pg_hba.conf")]);
  const postgres = await context.start({
    id: "postgres",
    command: [
      ...[...asOwner, join(programs, "postgres"), "-D", data, "-p", `${port}`, "-k", folder],
      ...["-c", "listen_addresses=*", ...options],
    ],
    countedBy: "kernel",
  });
  await postgres.sees(/ready to accept connections/);
  return postgres;
}

function newestPostgres(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const [newest] = versions.sort((one, other) => Number(other) - Number(one));
  if (newest === undefined) throw new Error("PostgreSQL is not installed (apt-get install postgresql)");
  return join(DEBIAN, newest, "bin");
}

/** On a machine of its own, as far as the network goes; otherwise on a port of its own. */
export async function startClusterServer(
  context: ScenarioContext,
  id: string,
  { redisPort, databasePort }: Backends,
  { args = [], again }: { args?: string[]; again?: ClusterServer } = {},
): Promise<ClusterServer> {
  const network = again ? again.network : await context.isolatedNetwork();
  const host = network?.hostAddress ?? LOOPBACK;
  const httpPort = again?.httpPort ?? (await context.freePort());
  const server = await startServer(context, {
    id,
    network,
    ...(again ? { again } : {}),
    args: [
      ...["--database", `postgres://velha@${host}:${databasePort}/postgres`],
      ...["--presence", `redis://${host}:${redisPort}`],
      ...["--http", `${httpPort}`, "--http-host", network?.address ?? LOOPBACK, ...args],
    ],
  });
  return { ...server, id, network, httpPort };
}
