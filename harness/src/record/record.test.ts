// The record command as a user types it, on tiny programs.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
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
  return spawn(process.execPath, [main, "record", ...args], {
    cwd: directory,
    stdio: ["ignore", "pipe", "pipe"],
  });
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
