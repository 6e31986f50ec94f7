// Plays the game as somebody does who has only its tarball: packs it, installs it with no script run in an empty folder
// outside the repository, starts a server and two clients in pipes who play a match to the end, and then one against a
// bot. Plain JavaScript, so that any Node from 20.19 runs it.
//
//     node test/installed-game.mjs [--node <binary>] [--tarball <file>]
//
// Exit code 0, or 1 with what was missing.
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs, promisify } from "node:util";

const STEP_LIMIT_MS = 30_000;

const { values: options } = parseArgs({
  options: { node: { type: "string", default: process.execPath }, tarball: { type: "string" } },
});
const repository = join(import.meta.dirname, "..");
const node = resolve(options.node);
const npm = realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
const folder = mkdtempSync(join(tmpdir(), "velha-installed-"));
const environment = {
  ...process.env,
  PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  HOME: folder,
  XDG_STATE_HOME: join(folder, "state"),
  LANG: "C.UTF-8",
};
const velha = join(folder, "node_modules", ".bin", "velha");
const programs = [];

/** A program behind pipes: what it prints is awaited in order. */
class Program {
  #child;
  #printed = "";
  #seen = 0;
  #onOutput = () => {};

  constructor(...args) {
    this.name = args[0];
    this.#child = spawn(velha, args, { cwd: folder, env: environment });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.#printed += text;
        this.#onOutput();
      });
    }
    this.#child.once("exit", () => this.#onOutput());
    programs.push(this);
  }

  get hasEnded() {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  types(line) {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The first match after the last one that was seen. */
  async sees(pattern) {
    const limit = AbortSignal.timeout(STEP_LIMIT_MS);
    for (;;) {
      const match = pattern.exec(this.#printed.slice(this.#seen));
      if (match) {
        this.#seen += match.index + match[0].length;
        return match;
      }
      if (limit.aborted || this.hasEnded)
        throw new Error(`${this.name} did not print ${pattern}. It printed:\n${this.#printed}`);
      await new Promise((proceed) => {
        this.#onOutput = proceed;
        limit.addEventListener("abort", proceed, { once: true });
      });
    }
  }

  async endsWith(code) {
    if (!this.hasEnded) await once(this.#child, "exit");
    const found = this.#child.exitCode ?? this.#child.signalCode;
    if (found !== code) throw new Error(`${this.name} ended with ${found}, not ${code}:\n${this.#printed}`);
  }

  signal(signal) {
    this.#child.kill(signal);
  }
}

async function install() {
  const tarball = options.tarball ? resolve(options.tarball) : await pack();
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const words = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", tarball];
  await promisify(execFile)(node, words, { cwd: folder, env: environment });
}

async function pack() {
  const words = [npm, "pack", "--json", "--pack-destination", folder];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: repository });
  // Newer versions of npm name the packages.
  const [{ filename }] = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))));
  return join(folder, filename);
}

async function print(...args) {
  const { stdout } = await promisify(execFile)(velha, args, { cwd: folder, env: environment });
  return stdout;
}

async function startClient(user, port) {
  const client = new Program("client", "127.0.0.1", port, "--state", `state-${user}`);
  client.types(`adduser ${user} secret-of-${user}`);
  client.types(`login ${user} secret-of-${user}`);
  await client.sees(/^Logged in as /m);
  return client;
}

/** X takes the left column. */
async function playMatch(alan, beto) {
  alan.types("begin beto");
  await beto.sees(/Accept\?/);
  beto.types("y");
  const moves = [
    [alan, "1 1"],
    [beto, "1 2"],
    [alan, "2 1"],
    [beto, "2 2"],
    [alan, "3 1"],
  ];
  for (const [player, square] of moves) {
    await player.sees(/^Your move/m);
    player.types(`send ${square}`);
  }
  await alan.sees(/^You won! \+2 points$/m);
  await beto.sees(/^You lost$/m);
  alan.types("n");
  beto.types("n");
}

/** Takes the free squares in their order, whoever wins. */
async function playBot(alan) {
  const free = ["1 1", "1 2", "1 3", "2 1", "2 2", "2 3", "3 1", "3 2", "3 3"];
  const happening = /^(?:(Your move)|bot played (\d \d)|(?:You won|You lost|Draw)\b.*)/m;
  alan.types("begin bot");
  for (;;) {
    const [text, isTurn, played] = await alan.sees(happening);
    if (isTurn) alan.types(`send ${free.shift()}`);
    else if (played) free.splice(free.indexOf(played), 1);
    else return text;
  }
}

async function proveIt() {
  const started = performance.now();
  const say = (text) => console.log(`${((performance.now() - started) / 1_000).toFixed(1)} s  ${text}`);
  const version = execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
  await install();
  say(`installed under Node ${version}: velha ${await print("--version")}`.trimEnd());
  if (!(await print()).includes("velha server")) throw new Error("velha alone does not say what to type");
  const server = new Program("server", "0", "--host", "127.0.0.1");
  const [, port] = await server.sees(/^Listening on 127\.0\.0\.1 port (\d+)/m);
  await server.sees(
    new RegExp(`^Data in ${join(folder, "data")}, certificate in ${join(folder, "certs")}$`, "m"),
  );
  const [alan, beto] = [await startClient("alan", port), await startClient("beto", port)];
  await playMatch(alan, beto);
  say("two clients have played a match to its end");
  const bot = new Program("bots", "127.0.0.1", port, "--opponent");
  await bot.sees(/bot/);
  say(`a match against a bot has ended: ${await playBot(alan)}`);
  bot.signal("SIGINT");
  await bot.endsWith(0);
  for (const client of [alan, beto]) {
    client.types("exit");
    await client.endsWith(0);
  }
  server.signal("SIGTERM");
  await server.endsWith(0);
}

try {
  await proveIt();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const program of programs) if (!program.hasEnded) program.signal("SIGKILL");
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
