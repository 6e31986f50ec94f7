// The bots program: players without a prompt. Command line → opponent or crowd → last word and exit code.
import { randomBytes } from "node:crypto";
import { closeSync, openSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { realWorld } from "../client/real-world.ts";
import { trustFile, trustInMemory } from "../client/trust.ts";
import { exitCodeAfter } from "../shared/command-line/exit-code.ts";
import { accountsFile } from "./accounts-file.ts";
import { type BotsCommand, readCommandLine } from "./command-line.ts";
import { Crowd, type CrowdOptions } from "./crowd.ts";
import { LatencyLog } from "./latencies.ts";
import { Opponent } from "./opponent.ts";
import { progressLine, showProgress } from "./progress.ts";
import { reportOf, tableOf } from "./report.ts";
import { planCrowd } from "./schedule.ts";

const EXIT_LIMIT_MS = 2_000;
const DEFAULT_NAME = "bot";

async function main(): Promise<number> {
  const asked = readCommandLine(process.argv.slice(2));
  if (asked.kind === "crowd" && asked.accounts !== undefined)
    return writeAccounts(asked.crowd, asked.accounts, asked.isHashed);
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort());
  }
  return asked.kind === "crowd"
    ? runCrowd(asked, interrupted.signal)
    : runOpponent(asked, interrupted.signal);
}

async function writeAccounts(options: CrowdOptions, file: string, isHashed: boolean): Promise<number> {
  checkWritable(file, 0o600);
  await writeFile(file, await accountsFile(planCrowd(options).members, isHashed), { mode: 0o600 });
  console.log(`${options.clients} ${options.clients === 1 ? "account" : "accounts"} written to ${file}`);
  return 0;
}

async function runOpponent(
  { server, cert, name, password }: Extract<BotsCommand, { kind: "opponent" }>,
  signal: AbortSignal,
): Promise<number> {
  const outcome = await new Promise<{ ok: true } | { ok: false; text: string }>((resolve) => {
    const opponent = new Opponent(
      worldTrusting(cert),
      {
        client: { server, gamePort: 0, pingPort: 0 },
        name: name ?? DEFAULT_NAME,
        password: password ?? randomBytes(18).toString("base64url"),
        isNameFixed: name !== undefined,
      },
      {
        say: (line) => console.log(line),
        onEnd: (end) => void opponent.leave().then(() => resolve(end)),
      },
    );
    signal.addEventListener("abort", () => void opponent.leave().then(() => resolve({ ok: true })));
    opponent.start();
  });
  if (!outcome.ok) console.error(outcome.text);
  else console.log("Goodbye");
  return outcome.ok ? 0 : 1;
}

async function runCrowd(
  { crowd: options, cert, json, latencies }: Extract<BotsCommand, { kind: "crowd" }>,
  signal: AbortSignal,
): Promise<number> {
  for (const file of [json, latencies]) if (file !== undefined) checkWritable(file);
  const say = (line: string) => {
    progress.clear();
    console.log(line);
  };
  const latencyLog = latencies === undefined ? null : new LatencyLog();
  const crowd = new Crowd(worldTrusting(cert), options, {
    onEverybodyIn: () => say(`${crowd.loggedInCount} of ${options.clients} clients are logged in`),
    onEverybodyBack: (awayMs) => say(`Everybody is back, the last after ${(awayMs / 1_000).toFixed(1)} s`),
    onLatency: (command, latencyMs) => latencyLog?.add(command, latencyMs),
  });
  const progress = showProgress(() => progressLine(crowd), process.stderr);
  const startMs = performance.now();
  const cpuAtStart = process.cpuUsage();
  await crowd.run(signal);
  progress.stop();
  const { user, system } = process.cpuUsage(cpuAtStart);
  const cost = { durationMs: performance.now() - startMs, cpuMs: (user + system) / 1_000 };
  const report = reportOf(options, crowd, cost);
  console.log(`\n${tableOf(report)}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  if (latencies !== undefined && latencyLog) writeFileSync(latencies, latencyLog.text);
  if (!report.isComplete) console.error("Not everything that was asked for happened");
  return report.isComplete ? 0 : 1;
}

/** Throws now rather than after a long run. */
function checkWritable(file: string, mode?: number): void {
  try {
    closeSync(openSync(file, "a", mode));
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(`cannot write ${file} (${message}); name a file that you may write`, { cause });
  }
}

function worldTrusting(cert: string | undefined) {
  return realWorld(cert === undefined ? trustInMemory(Date.now) : trustFile(cert, Date.now));
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = exitCodeAfter(error);
}
// Sockets close within their grace time; nothing else may keep the process alive.
setTimeout(() => process.exit(), EXIT_LIMIT_MS).unref();
