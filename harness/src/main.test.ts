// The command line as a user types it, compiled, with the scenarios of fixtures/scenarios.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtFile } from "./own-package.ts";
import { isRunning } from "./programs/processes.fixture.ts";
import { type RunResult, runResultSchema } from "./result/result.ts";

const main = builtFile("main.js");
const scenarios = join(import.meta.dirname, "fixtures", "scenarios");

let directory: string;
let out: string;
let temporary: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "harness-test-"));
  out = join(directory, "out");
  temporary = await mkdtemp(join(directory, "tmp-"));
  await writeFile(
    join(directory, "fiel.config.mjs"),
    `export default { scenarios: ${JSON.stringify(scenarios)} };\n`,
  );
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

class Harness {
  readonly child: ChildProcess;
  text = "";

  constructor(args: string[], environment: Record<string, string> = {}) {
    const ownEnvironment = Object.entries(process.env).filter(([name]) => !name.startsWith("npm_"));
    this.child = spawn(process.execPath, [main, ...args], {
      cwd: directory,
      env: { ...Object.fromEntries(ownEnvironment), TMPDIR: temporary, ...environment },
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.text += chunk;
      });
    }
  }

  /** Without what takes time to load; what the kernel traces is tested with the runner. */
  static run(name: string, ...more: string[]): Harness {
    return new Harness(["run", name, "--out", "out", "--no-trace", ...more]);
  }

  async exitCode(): Promise<number | null> {
    const [code] = await once(this.child, "close");
    return code;
  }

  async prints(pattern: RegExp): Promise<void> {
    await expect.poll(() => this.text).toMatch(pattern);
  }

  /** Of the measured programs, as the scenario "endless" prints them. */
  pids(): number[] {
    return [...this.text.matchAll(/here (\d+)/g)].map(([, pid]) => Number(pid));
  }
}

async function readResult(): Promise<RunResult> {
  return runResultSchema.parse(JSON.parse(await readFile(join(out, "result.json"), "utf8")));
}

describe("fiel run", () => {
  it("plays a scenario, leaves its report and says where", async () => {
    const harness = Harness.run("short");
    expect(await harness.exitCode()).toBe(0);
    expect(harness.text).toContain("short passed");
    expect(harness.text).toMatch(/^out\/result\.json$/m);
    const names = [
      "echo.png",
      "junit.xml",
      "network.png",
      "report.html",
      "resources.csv",
      "result.json",
      "samples.csv",
      "summary.md",
    ];
    expect((await readdir(out)).sort()).toEqual(names);
    const result = await readResult();
    expect(result).toMatchObject({ status: "passed", failure: null });
    expect(result.processes[0]).toMatchObject({ id: "echo", exitCode: 0, signal: null });
    expect(result.processes[0]!.samples.length).toBeGreaterThan(0);
    expect(result.events).toMatchObject([{ name: "echo", label: "echo of hello", processId: "echo" }]);
    expect(result.phases).toMatchObject([{ name: "talk" }]);
    expect(result.durationMs).toBeGreaterThanOrEqual(1_000);
    expect(await readdir(temporary)).toEqual([]);
    expect(result.leaks).toBeUndefined();
  });

  it("finds every byte of every socket, named by flow", async () => {
    expect(await Harness.run("conversation", "--messages").exitCode()).toBe(0);
    const { connections, sockets, overhead } = await readResult();
    expect(connections[0]?.conversation?.messages).toMatchObject([
      { from: "dialer", type: "hel", text: "hello", bytes: 6 },
      { from: "acceptor", type: "wel", text: "wel•••", bytes: 8 },
    ]);
    for (const name of await readdir(out))
      expect(await readFile(join(out, name), "latin1"), name).not.toContain("welcome");
    expect(connections).toMatchObject([
      {
        flow: "greeting",
        end: "fin",
        dialerToAcceptor: { writtenBytes: 6, readBytes: 6, residualBytes: 0 },
        acceptorToDialer: { writtenBytes: 100_008, readBytes: 100_008, residualBytes: 0 },
      },
    ]);
    expect(overhead?.probes?.map(({ workMs }) => workMs > 0)).toEqual([true, true]);
    expect(sockets.map(({ processId, side }) => `${processId} ${side}`).sort()).toEqual([
      "dialer dialer",
      "listener acceptor",
    ]);
  });

  it("takes the duration and the interval that are asked for", async () => {
    expect(await Harness.run("short", "--duration", "1.2", "--interval", "50").exitCode()).toBe(0);
    const { durationMs, sampling } = await readResult();
    expect(durationMs).toBeGreaterThanOrEqual(1_200);
    expect(sampling.intervalMs).toBe(50);
    expect(sampling.ticksTaken + sampling.ticksMissed).toBeGreaterThanOrEqual(20);
  });

  it("fails, with the report of what was measured, when a step does not happen in time", async () => {
    const harness = Harness.run("disappointed");
    expect(await harness.exitCode()).toBe(1);
    expect(harness.text).toContain("echo did not print /^goodbye/ within 300 ms");
    expect(harness.text).toContain("got hello");
    const { status, failure, processes } = await readResult();
    expect(status).toBe("failed");
    expect(failure).toMatchObject({ processId: "echo", lastOutput: ["ready", "got hello"] });
    expect(isRunning(processes[0]!.pid)).toBe(false);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("fails when a check does", async () => {
    const harness = Harness.run("strict");
    expect(await harness.exitCode()).toBe(1);
    expect(harness.text).toContain("✗ nothing is good enough");
    expect(harness.text).toContain("Do better.");
    expect((await readResult()).status).toBe("failed");
  });

  it.each(["SIGINT", "SIGTERM"] as const)("ends its programs and reports when %s comes", async (signal) => {
    const harness = Harness.run("endless");
    await harness.prints(/other: here/);
    harness.child.kill(signal);
    expect(await harness.exitCode()).toBe(1);
    expect(harness.text).toContain(`the run was interrupted by ${signal}`);
    const { status, processes, leaks } = await readResult();
    expect(status).toBe("interrupted");
    expect(leaks).toBeUndefined();
    expect(processes.map(({ pid }) => isRunning(pid))).toEqual([false, false]);
    expect(await readdir(temporary)).toEqual([]);
  });

  it("leaves no process and no file behind even when it is killed", async () => {
    const harness = Harness.run("endless");
    await harness.prints(/other: here/);
    const pids = harness.pids();
    expect(pids.map(isRunning)).toEqual([true, true]);
    harness.child.kill("SIGKILL");
    await expect.poll(() => pids.map(isRunning)).toEqual([false, false]);
    await expect.poll(() => readdir(temporary)).toEqual([]);
    expect(existsSync(out)).toBe(false);
  });

  it("lists the scenarios when none is named", async () => {
    const harness = new Harness(["run"]);
    expect(await harness.exitCode()).toBe(0);
    expect(harness.text).toContain("  short         Plays short.\n  strict        Plays strict.\n");
  });

  it("suggests the nearest name for one that does not exist", async () => {
    const harness = Harness.run("shrot");
    expect(await harness.exitCode()).toBe(2);
    expect(harness.text).toBe('There is no scenario "shrot". Did you mean "short"?\n');
  });

  it.each([
    ["a bare number", ["short", "5"], {}, "the flag before 5", "short -- --duration 5"],
    ["a number in the place of the name", ["5"], {}, "the flag before 5", "<scenario> -- --duration 5"],
    ["the flag's name", ["short"], { npm_config_interval: "5" }, "--interval", "short -- --interval <value>"],
  ])("says that npm ate a flag when it finds %s", async (_, args, environment, eaten, example) => {
    const script = {
      npm_command: "run",
      npm_lifecycle_event: "scenario",
      npm_lifecycle_script: `npm run --silent build && exec node ${main} run`,
    };
    const harness = new Harness(["run", ...args], { ...script, ...environment });
    expect(await harness.exitCode()).toBe(2);
    expect(harness.text).toBe(
      `npm kept ${eaten} for itself, because a "--" is missing. Type: npm run scenario ${example}\n`,
    );
  });

  it.each([
    ["run", "short", "--interval", "0"],
    ["run", "short", "--duration", "soon"],
    ["run", "short", "--colour", "red"],
    ["run", "nowhere/short.ts"],
    ["run", "short", "--out", "/proc/nope"],
    ["record", "sleep 9", "--log", "/proc/nope/log.csv"],
  ])("refuses %s %s %s %s before anything is started, in one line", async (...args) => {
    const harness = new Harness(args);
    expect(await harness.exitCode()).toBe(2);
    expect(harness.text).toMatch(/^[^\n]+\n$/);
  });
});

describe("fiel report", () => {
  it("renders everything again", async () => {
    expect(await Harness.run("short").exitCode()).toBe(0);
    await rm(join(out, "echo.png"));
    const harness = new Harness(["report", join("out", "result.json")]);
    expect(await harness.exitCode()).toBe(0);
    expect(existsSync(join(out, "echo.png"))).toBe(true);
    expect(harness.text).toMatch(/^out\/echo\.png$/m);
  });

  it.each(["missing.json", "."])("refuses %s, which is no result", async (file) => {
    const harness = new Harness(["report", file]);
    expect(await harness.exitCode()).toBe(2);
    expect(harness.text).toContain(file);
  });
});

describe("fiel compare", () => {
  it("takes what --repeat leaves, and each run leaves its profile", async () => {
    expect(await Harness.run("short", "--duration", "0.3", "--repeat", "3", "--cpu-prof").exitCode()).toBe(0);
    expect((await readdir(join(out, "profiles"))).sort()).toEqual(
      ["echo-2", "echo-3", "echo"].map((name) => `${name}.cpuprofile`),
    );
    const harness = new Harness(["compare", "out", join("out", "repeats.json"), "--out", "compared"]);
    expect(await harness.exitCode()).toBe(0);
    expect(harness.text).toMatch(/^memory of echo, maximum .* no evidence +Mann–Whitney/m);
    expect(existsSync(join(directory, "compared", "compare.md"))).toBe(true);
  });

  it("says what it takes", async () => {
    const harness = new Harness(["compare", "no-such-revision", "HEAD"]);
    expect(await harness.exitCode()).toBe(2);
    expect(harness.text).toBe(
      '"no-such-revision" is neither a file, nor a folder with a result, nor a revision that git knows\n',
    );
  });
});
