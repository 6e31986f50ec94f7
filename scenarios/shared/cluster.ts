// What scenarios of several servers share: PostgreSQL and Redis as programs of a run, and servers, each in a network of its
// own where that is permitted.
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { IsolatedNetwork, Program, ScenarioContext } from "fiel";
import { options } from "./programs.ts";
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
  /** Stops or continues all of its processes. */
  freezePostgres(isFrozen: boolean): Promise<void>;
}

export interface ClusterServer extends Server {
  id: string;
  network: IsolatedNetwork | null;
  httpPort: number;
}

/** The options `--database` and `--presence` of a server that reaches them at `host`. */
export function addressesOf({ databasePort, redisPort }: Backends, host = LOOPBACK) {
  const database = `postgres://velha@${host}:${databasePort}/postgres`;
  return { database, presence: `redis://${host}:${redisPort}` };
}

/** Both run on this machine, reachable from every network of the run, and keep nothing after it. */
export async function startBackends(
  context: ScenarioContext,
  { databaseSettings = {} }: { databaseSettings?: Record<string, string> } = {},
): Promise<Backends> {
  const databasePort = await context.freePort();
  const redisPort = await context.freePort();
  const folder = await context.temporaryFolder();
  const postgres = await startPostgres(context, folder, databasePort, databaseSettings);
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
    // First the process that starts the others.
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
    // It has ended meanwhile.
  }
}

/** Also restarts it, empty, on the same port. */
export async function startRedis(context: ScenarioContext, port: number): Promise<Program> {
  const redis = await context.start({
    id: "redis",
    command: [
      "redis-server",
      ...options({ port, save: "", appendonly: "no", bind: "0.0.0.0", "protected-mode": "no" }),
    ],
  });
  await redis.sees(/Ready to accept connections/);
  return redis;
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`. */
async function startPostgres(
  context: ScenarioContext,
  folder: string,
  port: number,
  settings: Record<string, string>,
): Promise<Program> {
  const programs = newestPostgres();
  const data = join(folder, "data");
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = async (option: string) => Number((await run("id", [option, "postgres"])).stdout);
    await chown(folder, await id("-u"), await id("-g"));
  }
  const asOwner = isRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  const initdb = options({ pgdata: data, username: "velha", auth: "trust" });
  const [first = "", ...others] = [...asOwner, join(programs, "initdb"), ...initdb];
  await run(first, others);
  // Accepts connections from the networks that scenarios create.
  const rules = "host all velha 198.18.0.0/15 trust";
  await run("sh", ["-c", `echo '${rules}' >> "$0"`, join(data, "pg_hba.conf")]);
  const named = { port, unix_socket_directories: folder, listen_addresses: "*", ...settings };
  const all = Object.entries(named).map(([name, value]) => `--${name}=${value}`);
  const postgres = await context.start({
    id: "postgres",
    command: [...asOwner, join(programs, "postgres"), "-D", data, ...all],
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

/** In a network of its own where that is permitted, otherwise on a port of its own. */
export async function startClusterServer(
  context: ScenarioContext,
  id: string,
  backends: Backends,
  { args = [], again = null }: { args?: string[]; again?: ClusterServer | null } = {},
): Promise<ClusterServer> {
  const network = again ? again.network : await context.isolatedNetwork();
  const host = network?.hostAddress ?? LOOPBACK;
  const httpPort = again?.httpPort ?? (await context.freePort());
  const server = await startServer(context, {
    id,
    network,
    again,
    args: [
      ...options({
        ...addressesOf(backends, host),
        http: httpPort,
        "http-host": network?.address ?? LOOPBACK,
      }),
      ...args,
    ],
  });
  return { ...server, id, network, httpPort };
}
