// Uses fiel as somebody does who has only its tarball: installs it with no script run in an empty folder outside the
// repository, records a program, lets init write a first scenario and plays it, and has a scenario of its own checked by
// TypeScript. Plain JavaScript, so that any Node from 20.19 runs it.
//
//     node test/installed-tool.mjs [--node <binary>] [--tarball <file>]
//
// Exit code 0, or 1 with what was missing. Takes python3.
import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";

const MOST_INSTALLED_MB = 70;
const MOST_INSTALL_SECONDS = 20;
const FEWEST_PNG_BYTES = 10_000;

const { values: options } = parseArgs({
  options: { node: { type: "string", default: process.execPath }, tarball: { type: "string" } },
});
const repository = join(import.meta.dirname, "..");
const node = resolve(options.node);
const npm = realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim());
const folder = mkdtempSync(join(tmpdir(), "fiel installed (é) "));
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"))),
  PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
};
const started = performance.now();

function say(text) {
  console.log(`${((performance.now() - started) / 1_000).toFixed(1)} s  ${text}`);
}

function run(file, ...words) {
  const { status, stdout, stderr, error } = spawnSync(file, words, {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${words.join(" ")} ended with ${status}:\n${stdout}${stderr}`);
  return stdout;
}

/** As `npx` starts it, with the Node that is tried. */
const fiel = (...words) => run(node, join(folder, "node_modules", ".bin", "fiel"), ...words);

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

function pack() {
  const words = [npm, "pack", "--json", "-w", "harness", "--pack-destination", folder];
  const output = execFileSync(process.execPath, words, { cwd: repository, encoding: "utf8" });
  // Newer versions of npm name the packages.
  const [{ filename }] = Object.values(JSON.parse(output.slice(output.search(/^[[{]/m))));
  return join(folder, filename);
}

function install() {
  const tarball = options.tarball ? resolve(options.tarball) : pack();
  writeFileSync(join(folder, "package.json"), '{ "private": true }\n');
  const before = performance.now();
  run(node, npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", tarball);
  const seconds = (performance.now() - before) / 1_000;
  const megabytes = Number(run("du", "-sm", "node_modules").split("\t")[0]);
  say(`installed under Node ${run(node, "--version").trim()} in ${seconds.toFixed(1)} s, ${megabytes} MB`);
  if (megabytes > MOST_INSTALLED_MB) throw new Error(`node_modules takes ${megabytes} MB`);
  // Not held against a busy machine: told alone.
  if (seconds > MOST_INSTALL_SECONDS) say(`warning: more than ${MOST_INSTALL_SECONDS} s to install`);
}

/** The scenario and the configuration of the package's README are what they claim to be. */
async function playReadme() {
  const readme = readFileSync(join(folder, "node_modules", "fiel", "README.md"), "utf8");
  const [scenario, config] = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
  writeFileSync(join(folder, "scenarios", "hello.ts"), scenario.replaceAll("7000", String(await freePort())));
  writeFileSync(join(folder, "fiel.config.ts"), config);
  fiel("run", "hello");
  checkReport("reports/hello", "server", "server.png");
  say("played the scenario of the README");
}

/** A picture that shows something, of the size that reports have. */
function checkPng(path) {
  const file = join(folder, path);
  const bytes = readFileSync(file);
  const isPng = bytes.subarray(1, 4).toString() === "PNG";
  if (!isPng || bytes.readUInt32BE(16) < 1_000 || bytes.length < FEWEST_PNG_BYTES)
    throw new Error(`${path} is no picture of a chart: ${statSync(file).size} bytes`);
}

function checkReport(path, processId, ...pictures) {
  const report = join(folder, path);
  const result = JSON.parse(readFileSync(join(report, "result.json"), "utf8"));
  const measured = result.processes.find(({ id }) => id === processId);
  if (result.status !== "passed") throw new Error(`${path}: ${result.status}, ${result.failure?.message}`);
  if (!(measured?.samples.length > 5)) throw new Error(`${path} has no samples of ${processId}`);
  const page = readFileSync(join(report, "report.html"), "utf8");
  if (page.length < 50_000 || !page.includes(result.scenario.title))
    throw new Error(`${path}/report.html holds no data`);
  for (const picture of pictures) checkPng(join(path, picture));
  return result;
}

async function record() {
  const port = await freePort();
  fiel("record", `python3 -m http.server ${port}`, "--duration", "3", "--plot", "out.png", "--out", "rep");
  checkPng("out.png");
  checkReport("rep", "python3", "python3.png");
  say("recorded a program in Python: chart and page");
}

async function playFirst() {
  const port = await freePort();
  fiel("init", "--yes", "--command", `python3 -m http.server ${port}`, "--port", String(port));
  fiel("run", "first");
  const { sockets } = checkReport("reports/first", "server", "server.png", "client.png", "network.png");
  if (!sockets.some(({ flow }) => flow === "requests"))
    throw new Error("no byte of the requests was counted");
  say("played what init wrote");
}

function checkTypes() {
  const words = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "typescript@5"];
  run(node, npm, ...words);
  writeFileSync(
    join(folder, "scenarios", "own.ts"),
    `import { readFileSync } from "node:fs";
import { type Check, defineScenario, type Program, type RunResult } from "fiel";

const longEnough: Check = ({ durationMs }: RunResult) => ({
  name: "duration",
  passed: durationMs > 500,
  value: durationMs,
  limit: 500,
  unit: "ms",
  advice: "Wait longer.",
});

export default defineScenario({
  name: "own",
  title: "Own",
  description: "Waits.",
  durationSeconds: 1,
  flows: [],
  async run(context) {
    const sleeper: Program = await context.start({ id: "sleeper", command: ["sleep", "30"] });
    await context.until(context.durationMs);
    sleeper.signal("SIGTERM");
    const code: number | null = await sleeper.ended();
    if (code !== null) throw new Error("sleep ended by itself");
    if (readFileSync("package.json", "utf8") === "") throw new Error("package.json is empty");
  },
  checks: [longEnough],
});
`,
  );
  // Neither the types of browsers nor, unless the package brings them, those of Node; its own declarations are checked as well.
  const settings = { strict: true, noEmit: true, target: "es2022", lib: ["es2022"], types: [] };
  for (const modules of [{ module: "nodenext" }, { module: "esnext", moduleResolution: "bundler" }]) {
    const compilerOptions = { ...settings, ...modules };
    const project = JSON.stringify({ compilerOptions, include: ["scenarios", "fiel.config.ts"] });
    writeFileSync(join(folder, "tsconfig.json"), project);
    run(node, join(folder, "node_modules", "typescript", "bin", "tsc"), "--project", "tsconfig.json");
  }
  fiel("run", "scenarios/own.ts");
  say("tsc --strict accepts the scenarios, with the types of the package alone");
}

try {
  install();
  await record();
  await playFirst();
  await playReadme();
  checkTypes();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
