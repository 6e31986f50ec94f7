// Programs of every kind that Node runs: each behaves with the probe as it does without, and what it sent and received
// over TCP is counted to the byte, by the account of a server that no probe is in. With another Node than that of the
// tests: PROBED_NODE=/path/to/node.
import { execFile, execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { chooseWitnesses } from "../witness/choose-witness.ts";
import { NEVER_MS } from "./probed-run.fixture.ts";
import { startProbeReceiver } from "./receiver.ts";

const NODE = process.env.PROBED_NODE ?? process.execPath;
const MAJOR = Number(execFileSync(NODE, ["-p", "parseInt(process.versions.node)"]));
const HAS_PERMISSIONS = MAJOR >= 22;

/** `talk(bytes)` sends as many to the server, which sends them back, and resolves with what came. */
const TALK = `
const { connect } = require("node:net");
function talk(bytes, then = () => {}) {
  return new Promise((resolve) => {
    let came = 0;
    const socket = connect(Number(process.env.ECHO_PORT), "127.0.0.1", () => {
      socket.end("x".repeat(bytes));
      then(socket);
    });
    socket.on("data", (data) => { came += data.length; }).on("close", () => resolve(came));
  });
}`;
const SAYS = `${TALK} talk(1000).then((came) => console.log("came", came, process.argv.length));`;

interface Kind {
  /** By name; the program is started in their folder. */
  files?: Record<string, string>;
  args: string[];
  nodeOptions?: string;
  /** In each direction. Default: 1,000. */
  bytes?: number;
  connections?: number;
}

const KINDS: Record<string, Kind> = {
  "a CommonJS file": { files: { "main.cjs": SAYS }, args: ["main.cjs"] },
  "a module": {
    files: {
      "main.mjs": `const { default: say } = await import("./say.cjs"); say();`,
      "say.cjs": `module.exports = () => { ${SAYS} };`,
    },
    args: ["main.mjs"],
  },
  "a file with an extension of its own": { files: { "server.dev": SAYS }, args: ["server.dev"] },
  "a loader of its own, by --require": {
    files: {
      "loader.js": `require.extensions[".talk"] = (module, file) =>
        module._compile(require("node:fs").readFileSync(file, "utf8").replace("TALK", ${JSON.stringify(SAYS)}), file);`,
      "main.talk": "TALK",
    },
    args: ["-r", "./loader.js", "main.talk"],
  },
  "a loader of its own, by --import": {
    files: {
      "loader.mjs": `import { register } from "node:module"; register("./hooks.mjs", import.meta.url);`,
      "hooks.mjs": `export const load = async (url, context, next) =>
        url.endsWith(".talk") ? { format: "commonjs", shortCircuit: true, source: ${JSON.stringify(SAYS)} } : next(url, context);`,
      "main.mjs": `import "./main.talk";`,
      "main.talk": "",
    },
    args: ["--import", "./loader.mjs", "main.mjs"],
  },
  "a text after --eval": { args: ["--eval", SAYS] },
  "options in NODE_OPTIONS": {
    files: { "first.js": `console.log("first")`, "main.js": SAYS },
    args: ["main.js"],
    nodeOptions: "--require ./first.js --stack-trace-limit=5",
  },
  "a worker thread": {
    args: [
      "-e",
      `const { Worker } = require("node:worker_threads");
       new Worker(${JSON.stringify(SAYS)}, { eval: true }).on("exit", (code) => console.log("worker", code));`,
    ],
  },
  "worker threads and the main thread": {
    args: [
      "-e",
      `const { Worker, isMainThread } = require("node:worker_threads");
       const text = ${JSON.stringify(`${TALK} talk(1000).then(() => process.exit(4));`)};
       for (const _ of [1, 2]) new Worker(text, { eval: true }).on("exit", (code) => console.log("worker", code));
       ${TALK} talk(1000);`,
    ],
    bytes: 3_000,
    connections: 3,
  },
  "a cluster": {
    files: {
      "main.cjs": `const cluster = require("node:cluster");
        if (cluster.isPrimary) for (const _ of [1, 2]) cluster.fork();
        else { ${TALK} talk(500).then(() => process.exit()); }`,
    },
    args: ["main.cjs"],
    connections: 2,
  },
  "a forked child": {
    files: { "main.cjs": `require("node:child_process").fork("./child.cjs");`, "child.cjs": SAYS },
    args: ["main.cjs"],
  },
  "the test runner": {
    files: {
      "some.test.mjs": `import test from "node:test"; import "./main.cjs"; test("one", () => {});`,
      "main.cjs": SAYS,
    },
    args: ["--test", "--test-reporter=dot", "some.test.mjs"],
  },
  "process.exit in the middle of a write": {
    args: ["-e", `${TALK} talk(0, (socket) => process.exit(3));`],
    bytes: 0,
  },
  "a last word while it exits": {
    args: [
      "-e",
      `const socket = require("node:net").connect(process.env.ECHO_PORT, "127.0.0.1", () => process.exit(5));
       process.removeAllListeners("exit");
       process.on("exit", () => { socket.write("x".repeat(300)); process.exit(6); });`,
    ],
    bytes: 300,
  },
  "process.abort": {
    args: [
      "-e",
      `${TALK} talk(200).then(() => talk(100, (socket) => socket.on("end", () => process.abort())));`,
    ],
    bytes: 300,
    connections: 2,
  },
  "a signal that it sends itself": {
    args: [
      "-e",
      `${TALK} talk(200).then(() => talk(100, (socket) => socket.on("end", () => process.kill(process.pid, "SIGKILL"))));`,
    ],
    bytes: 300,
    connections: 2,
  },
  "clocks of its own": {
    args: [
      "-e",
      `const timers = require("node:timers");
       for (const name of ["setTimeout", "setInterval", "setImmediate", "clearInterval"])
         timers[name] = globalThis[name] = () => { throw new Error("not mine") };
       process.hrtime.bigint = performance.now = Date.now = () => 0;
       require("node:fs").writeSync = () => { throw new Error("not mine") };
       ${TALK} talk(1000).then((came) => process.stdout.write(String(came)));`,
    ],
  },
  "a connection that is refused": {
    args: ["-e", `require("node:net").connect(1, "127.0.0.1");`],
    bytes: 0,
    connections: 0,
  },
  "no descriptor to spare": {
    args: [
      "-e",
      `const { openSync } = require("node:fs");
       ${TALK} talk(1000).then(() => { try { for (;;) openSync("/dev/null"); } catch (error) { console.log(error.code); } });`,
    ],
  },
  "a look at itself": {
    args: [
      "-e",
      `console.log(Object.keys(require.cache), process.execArgv, process.eventNames().sort(), module.children, Object.keys(process).length);
       console.log(process._getActiveHandles().length, ["emit", "reallyExit", "abort", "kill"].map((name) => process[name].name));`,
    ],
    bytes: 0,
    connections: 0,
  },
};
if (HAS_PERMISSIONS)
  KINDS["the permission model"] = {
    files: { "main.cjs": SAYS },
    args: ["--permission", ...(MAJOR >= 25 ? ["--allow-net"] : []), "main.cjs"],
  };

test.concurrent.for(Object.entries(KINDS))("%s", async ([, kind], { expect, onTestFinished }) => {
  const { run, receiver, server } = await world(kind, onTestFinished);
  const alone = await run(kind.nodeOptions === undefined ? {} : { NODE_OPTIONS: kind.nodeOptions });
  const { nodeOptions, bytes = 1_000, connections = 1 } = kind;
  expect(await run(receiver.environmentFor({ id: "it", isNode: true, nodeOptions }))).toEqual(alone);
  await expect.poll(server.account).toEqual({ connections: 2 * connections, bytes: 2 * bytes });
  const records = await receiver.finish();
  const sent = records.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0);
  expect({ connections: records.length, bytes: sent }).toEqual({ connections, bytes });
  expect(receiver.losses()).toEqual([]);
});

test("a child that is started without the probe's environment is found silent, its parent not", async () => {
  const { receiver, run } = await world({
    files: {
      "main.cjs": `const { spawn } = require("node:child_process");
        const { NODE_OPTIONS, ...env } = process.env;
        const child = spawn(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { env });
        child.on("exit", () => process.exit());
        require("node:fs").writeFileSync("pids", process.pid + " " + child.pid);`,
    },
    args: ["main.cjs"],
  });
  const ended = run(receiver.environmentFor({ id: "it", isNode: true }));
  const [parent, child] = await run.pids();
  expect([receiver.isSilent(parent!), receiver.isSilent(child!)]).toEqual([false, false]);
  await expect.poll(() => receiver.isSilent(child!)).toBe(true);
  expect(receiver.isSilent(parent!)).toBe(false);
  process.kill(child!, "SIGKILL");
  await ended;
});

test("a worker thread that is started without the probe's environment makes its process a silent one", async () => {
  const { receiver, run } = await world({
    files: {
      "main.cjs": `const { Worker } = require("node:worker_threads");
        new Worker("setTimeout(() => {}, 60_000)", { eval: true, env: {} });
        require("node:fs").writeFileSync("pids", String(process.pid));`,
    },
    args: ["main.cjs"],
  });
  const ended = run(receiver.environmentFor({ id: "it", isNode: true }));
  const [pid] = await run.pids();
  await expect.poll(() => receiver.isSilent(pid!)).toBe(true);
  process.kill(pid!, "SIGKILL");
  await ended;
});

test("a program on Node whose probe never speaks is a warning", async () => {
  const { receiver } = await world({ args: [] });
  receiver.environmentFor({ id: "mute", isNode: true });
  receiver.environmentFor({ id: "other", isNode: false });
  expect(receiver.losses().map(({ cause }) => cause)).toEqual([expect.stringMatching(/^no probe .* mute:/)]);
});

test("the probe stays out where Node would refuse to load it, and where no option is wanted", () => {
  const chosen = (command: string[], environment = {}) => chooseWitnesses({ command, environment });
  const kernelAlone = { isProbed: false, isCountedByKernel: true };
  expect(chosen(["node", "--experimental-permission", "main.js"])).toMatchObject(kernelAlone);
  expect(chosen(["node", "x"], { NODE_OPTIONS: "--experimental-permission" })).toMatchObject(kernelAlone);
  expect(chosen(["node", "--permission", "main.js"])).toMatchObject({ isProbed: true });
  expect(chosen(["node", "x"], { NODE_OPTIONS: "--no-warnings" })).toMatchObject({ isProbed: true });
  expect(chosen(["node", "x"], { NODE_OPTIONS: "" })).toMatchObject({ isProbed: false });
});

/** A folder with the program, a server to talk to, and a receiver. */
async function world({ files = {}, args }: Kind, onFinished = onTestFinished) {
  const directory = await mkdtemp(join(tmpdir(), "unnoticed-"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  const receiver = await startProbeReceiver({
    directory,
    nowMs: () => performance.now(),
    intervalMs: NEVER_MS,
  });
  const server = await accountant();
  onFinished(async () => {
    server.close();
    await receiver.close();
    await rm(directory, { recursive: true, force: true });
  });
  const run = (environment: Record<string, string>) =>
    new Promise<{ stdout: string; stderr: string; code: unknown; signal: unknown }>((resolve) => {
      const env = {
        ...process.env,
        NODE_TEST_CONTEXT: undefined,
        ECHO_PORT: String(server.port),
        ...environment,
      };
      const options = { cwd: directory, env, maxBuffer: 1e7 };
      execFile(NODE, args, options, (error, stdout, stderr) => {
        const { code = 0, signal = null } = error ?? {};
        resolve({ stdout: plain(stdout), stderr: plain(stderr), code, signal });
      });
    });
  const pids = async () => {
    await expect.poll(() => readFile(join(directory, "pids"), "utf8").catch(() => "")).toMatch(/^\d+/);
    return (await readFile(join(directory, "pids"), "utf8")).split(" ").map(Number);
  };
  return { receiver, server, run: Object.assign(run, { pids }) };
}

/** Without pids and addresses, and without the trace that an abort prints, in which the probe is seen. */
const plain = (text: string) =>
  text.replace(/\(node:\d+\)|0x[\da-f]+/g, "").replace(/-+ JavaScript stack trace -+[\s\S]*/, "");

/** Sends back what it gets, and keeps count. */
async function accountant() {
  let connections = 0;
  let bytes = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket
      .on("error", () => {})
      .on("data", (data) => {
        bytes += data.length;
      });
    socket.pipe(socket);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  return { port, account: () => ({ connections, bytes }), close: () => server.close() };
}
