// The record command as a user types it, on tiny programs.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { builtFile } from "../own-package.ts";

const main = builtFile("main.js");
const fixture = (name: string) => join(import.meta.dirname, "..", "fixtures", `${name}.fixture.js`);
const hasSs = spawnSync("ss", ["-V"]).status === 0;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "record-test-"));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [main, "record", "--no-trace", ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function isRunning(pid: number): boolean {
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function run(...args: string[]) {
  const child = start(...args);
  let said = "";
  child.stdout!.resume();
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [exitCode] = await once(child, "close");
  return { exitCode, said };
}

it("passes on the exit code of a program that dies at once, and leaves log and plot all the same", async () => {
  const { exitCode, said } = await run("sh -c 'exit 3'", "--log", "log.csv", "--plot", "plot.png");
  expect(said).toContain("it ended with exit code 3");
  expect(exitCode).toBe(3);
  expect(existsSync(join(directory, "plot.png"))).toBe(true);
  expect(await readFile(join(directory, "log.csv"), "utf8")).toMatch(/^elapsed_time,nproc,cpu/);
});

it("ends a program when its time is over, which is no failure", async () => {
  const { exitCode } = await run(`node ${fixture("forever")}`, "--duration", "0.5", "--log", "log.csv");
  expect(exitCode).toBe(0);
  const [, first] = (await readFile(join(directory, "log.csv"), "utf8")).split("\n");
  expect(Number(first?.split(",")[3])).toBeGreaterThan(1);
});

it("hands Ctrl-C to the program and draws what there was until then", async () => {
  const child = start("echo ready; exec sleep 60", "--plot", "plot.png", "--log", "log.csv");
  await once(child.stdout!, "data");
  child.kill("SIGINT");
  expect(await once(child, "close")).toEqual([130, null]);
  expect(existsSync(join(directory, "plot.png"))).toBe(true);
});

it.runIf(hasSs)("tells the bytes of each socket of a program that no probe looks into", async () => {
  const command = `node ${fixture("self-talker")} 5000 70`;
  const { said } = await run(command, "--log", "log.csv", "--out", "out");
  expect(said).not.toContain("still held");
  expect(said).toMatch(/→.* sent 5.0 kB +received 70 B/);
  const { connections } = JSON.parse(await readFile(join(directory, "out", "result.json"), "utf8"));
  // Clients of other tests, who look for a port that was theirs before, can have called as well.
  expect(connections).toContainEqual(
    expect.objectContaining({
      dialerToAcceptor: { writtenBytes: 5_000, readBytes: 5_000, residualBytes: 0 },
      acceptorToDialer: { writtenBytes: 70, readBytes: 70, residualBytes: 0 },
    }),
  );
});

it("ends a program after a duration that is longer than a timer can be, and not at once", async () => {
  const { exitCode, said } = await run("sleep 1", "--duration", "3000000", "--log", "log.csv");
  expect(exitCode).toBe(0);
  expect(said).toMatch(/sleep 1: 1\.\d s/);
});

it("killed itself, ends the program and leaves the log as far as it was written", async () => {
  const child = start("echo $$; exec sleep 60", "--log", "log.csv", "--include-io");
  const [pid] = await once(child.stdout!, "data");
  const log = () => readFile(join(directory, "log.csv"), "utf8").catch(() => "");
  await expect.poll(async () => (await log()).split("\n").length, { timeout: 10_000 }).toBeGreaterThan(3);
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect.poll(() => isRunning(Number(pid))).toBe(false);
  const [heading, , row] = (await log()).split("\n");
  expect(heading).toContain(",read_count,write_count,read_bytes,write_bytes,");
  expect(row).toMatch(/^\d+\.\d{3},1,(\d+\.\d{3},){3}\d+,\d+,\d+,\d+,0,0$/);
});

it.runIf(existsSync("/dev/full"))(
  "says in one line that the disk is full, and ends as the program did",
  async () => {
    const { exitCode, said } = await run("sleep 0.5", "--log", "/dev/full");
    expect(exitCode).toBe(1);
    expect(said).toContain("/dev/full could not be written to its end: ENOSPC");
    expect(said).not.toContain("    at ");
  },
);
