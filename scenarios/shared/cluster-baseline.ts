// How fast PostgreSQL and Redis alone are on this machine.
import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { ScenarioContext } from "fiel";
import type { Backends } from "./cluster.ts";

const run = promisify(execFile);
/** The size of a server's pool of connections to PostgreSQL. */
const CONNECTIONS = 16;
const COMMANDS = 30_000;
const BY_KEY = `\\set aid random(1, 100000)
UPDATE pgbench_accounts SET abalance = abalance + 1 WHERE aid = :aid;
`;

interface Rate {
  name: string;
  perSecond: number;
}

export async function backendsAlone(
  { directory }: ScenarioContext,
  { databasePort, redisPort }: Backends,
  seconds: number,
): Promise<Rate[]> {
  const database = ["-h", "127.0.0.1", "-p", `${databasePort}`, "-U", "velha", "postgres"];
  await run("pgbench", ["-i", "-s", "1", "-q", ...database]);
  const script = join(directory, "by-key.sql");
  await writeFile(script, BY_KEY);
  const rates: Rate[] = [];
  for (const connections of [1, CONNECTIONS]) {
    const work = ["-n", "-M", "prepared", "-c", `${connections}`, "-T", `${seconds}`, "-f", script];
    const { stdout } = await run("pgbench", [...work, ...database]);
    const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
    rates.push({ name: `commits, ${connections} at once`, perSecond });
  }
  for (const connections of [1, CONNECTIONS]) {
    const count = connections === 1 ? COMMANDS / 5 : COMMANDS;
    const words = ["-p", `${redisPort}`, "-t", "set", "-c", `${connections}`, "-n", `${count}`, "--csv"];
    const { stdout } = await run("redis-benchmark", words);
    const perSecond = Number(/^"SET","([\d.]+)"/m.exec(stdout)?.[1]);
    rates.push({ name: `Redis commands, ${connections} at once`, perSecond });
  }
  return rates;
}
