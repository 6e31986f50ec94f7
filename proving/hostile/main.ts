// The command line: `fuzz` tests a server of its own; `attack`, `honest` and `full-queue` are for scenarios.
import { createInterface } from "node:readline";
import { Command, CommanderError } from "commander";
import { port, positive, whole } from "../../src/shared/command-line/numbers.ts";
import { ServerProcess } from "../../test/servers/server-process.ts";
import { Attacker } from "./attacker.ts";
import { attacks } from "./attacks.ts";
import { fuzz } from "./fuzz.ts";
import { fillHashQueue } from "./hash-queue.ts";
import { HonestClients } from "./honest-clients.ts";

const MEGABYTE = 1e6;

async function runFuzz({ lines, seed }: { lines: number; seed: number }): Promise<void> {
  const server = await ServerProcess.start(["--heartbeat", "3600"]);
  const startMs = performance.now();
  let reportedMs = startMs;
  try {
    let rssAtHalf = 0;
    const onProgress = (said: number) => {
      if (rssAtHalf === 0 && said >= lines / 2) rssAtHalf = server.rssBytes;
      if (performance.now() - reportedMs < 1_000) return;
      reportedMs = performance.now();
      process.stdout.write(`${said} of ${lines} lines\n`);
    };
    const report = await fuzz(server, { lines, seed, onProgress });
    const rssGrowth = (server.rssBytes - rssAtHalf) / MEGABYTE;
    if ((await server.interrupt()) !== 0 || server.stderr !== "")
      throw new Error("the server did not stop cleanly, or printed an error");
    const seconds = (performance.now() - startMs) / 1_000;
    process.stdout.write(
      `${report.lines} lines: ${report.answers} right answers, ${report.closes} connections rightly closed; ` +
        `${seconds.toFixed(1)} s; its memory grew by ${rssGrowth.toFixed(1)} MB in the second half\n`,
    );
  } finally {
    await server.dispose();
  }
}

interface Target {
  port: number;
  tlsPort: number;
}

/** The share of an attack that is enough for the server's code to be compiled. */
const REHEARSAL = 0.2;

/** Each line on standard input is an attack, or `rehearse` and an attack. Each attack comes from another address. */
async function attack({ size, ...ports }: Target & { size: number }): Promise<void> {
  process.stdout.write("ready to attack\n");
  // The ports of an address stay in use for a minute, so each process uses a network of its own.
  const network = `127.${1 + (process.pid % 250)}.0`;
  let number = 0;
  for await (const line of createInterface({ input: process.stdin })) {
    const name = line.replace(/^rehearse /, "");
    const attacker = new Attacker(ports, `${network}.${++number}`);
    process.stdout.write(`attack: ${line}\n`);
    await attacks[name]?.(attacker, line === name ? size : size * REHEARSAL);
    attacker.leave();
    process.stdout.write(`over: ${line}\n`);
  }
}

/** Each line on standard input ends a stretch of that name and prints its p99; `together PATTERN` prints that of all matching stretches. */
async function beHonest(ports: Target): Promise<void> {
  const { honest, whenCut } = await HonestClients.start(ports);
  process.stdout.write("honest clients play\n");
  const answerRequests = async () => {
    for await (const line of createInterface({ input: process.stdin })) {
      const [, pattern] = /^together (.*)/.exec(line) ?? [];
      const { ms, answers } = pattern ? honest.together(new RegExp(pattern)) : honest.endStretch(line);
      process.stdout.write(`${line}: p99 ${ms.toFixed(3)} ms of ${answers} answers\n`);
    }
  };
  await Promise.race([answerRequests(), whenCut]);
}

async function fillQueue({ logins, ...ports }: Target & { logins: number }): Promise<void> {
  const answers = await fillHashQueue(ports, logins);
  const waitsOf = (wanted: boolean) =>
    answers.filter(({ isRefused }) => isRefused === wanted).map(({ waitedMs }) => waitedMs);
  process.stdout.write(
    `answered ${JSON.stringify({ refusedMs: waitsOf(true), hashedMs: waitsOf(false) })}\n`,
  );
}

const BAD_USAGE = 2;

const program = new Command("hostile").exitOverride();
program
  .command("attack")
  .description(`read the names of attacks from standard input: ${Object.keys(attacks).join(", ")}`)
  .requiredOption("--port <n>", "the server's main port", port)
  .requiredOption("--tls-port <n>", "its TLS port", port)
  .option("--size <part>", "share of the full attack", positive, 1)
  .action(attack);
program
  .command("honest")
  .description(
    "ten clients that request the list; each line on standard input prints the p99 of their latency",
  )
  .requiredOption("--port <n>", "the server's main port", port)
  .requiredOption("--tls-port <n>", "its TLS port", port)
  .action(beHonest);
program
  .command("full-queue")
  .description("send many logins with wrong passwords at once, and print how long each waited")
  .requiredOption("--port <n>", "the server's main port", port)
  .requiredOption("--tls-port <n>", "its TLS port", port)
  .option("--logins <n>", "how many", whole(1, 10_000), 200)
  .action(fillQueue);
program
  .command("fuzz")
  .description("send seeded lines, valid and broken, to a server started for it")
  .option("--lines <n>", "how many", whole(1, 1_000_000_000), 100_000)
  .option("--seed <n>", "the same seed sends the same lines", whole(0, 4_294_967_295), 1)
  .action(runFuzz);

try {
  await program.parseAsync();
  process.exit(0);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : BAD_USAGE);
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
}
