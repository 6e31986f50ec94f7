// The torture program: command line → torture → tables and exit code.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodeAfter } from "../../src/shared/command-line/exit-code.ts";
import { readCommandLine, type TortureArguments } from "./command-line.ts";
import { reportOf, tableOf } from "./report.ts";
import { Torture } from "./torture.ts";
import { loneServer, serversOfOneGame, type Victim } from "./victim.ts";

const PROGRESS_PERIOD_MS = 5_000;
/** Below the range of outgoing connections, so that the server finds its port free again. */
const PORTS = { lowest: 20_000, count: 10_000 };

async function main(): Promise<number> {
  const asked = readCommandLine(process.argv.slice(2));
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort());
  }
  const folder = mkdtempSync(join(tmpdir(), "velha-torture-"));
  const victim = await victimOf(asked, folder);
  const torture = new Torture(victim, { ...asked, signal: interrupted.signal });
  const progress = setInterval(() => console.log(progressLine(torture, asked.kills)), PROGRESS_PERIOD_MS);
  const outcome = await torture.run().finally(() => clearInterval(progress));
  const report = reportOf(
    asked,
    outcome,
    victim.servers.flatMap(({ startsMs }) => startsMs),
  );
  console.log(`\n${tableOf(report)}`);
  if (asked.json !== undefined) writeFileSync(asked.json, `${JSON.stringify(report, null, 2)}\n`);
  if (report.isRight) rmSync(folder, { recursive: true });
  else
    console.error(
      `\nSomething is wrong (exit code ${report.exitCode}); the server's data is in ${asked.database ?? folder}`,
    );
  return report.isRight ? 0 : 1;
}

async function victimOf({ database, presence, servers }: TortureArguments, folder: string): Promise<Victim> {
  const port = await freePort();
  if (database === undefined || presence === undefined) return loneServer(port, folder);
  const others: number[] = [];
  while (others.length < servers - 1) others.push(await freePort());
  return serversOfOneGame([port, ...others], folder, { database, presence });
}

function progressLine({ history, killCount }: Torture, kills: number): string {
  const acknowledged = history.requests.filter(({ outcome }) => outcome.kind === "acknowledged").length;
  return `${killCount} of ${kills} kills, ${acknowledged} requests acknowledged, ${history.outcomes.length} results`;
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.lowest + Math.floor(Math.random() * PORTS.count);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

try {
  process.exit(await main());
} catch (error) {
  process.exit(exitCodeAfter(error, ({ message }) => `The torture failed: ${message}`));
}
