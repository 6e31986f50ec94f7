// A crowd as a user starts it, against a real server in the test's own process; `npm test` compiles it first.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type RunningServer, startServer } from "../server/server.ts";
import type { CrowdReport } from "./report.ts";
import { planCrowd } from "./schedule.ts";

const program = fileURLToPath(new URL("../../dist/src/bots/main.js", import.meta.url));

let folder: string;
let server: RunningServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "velha-crowd-"));
  server = await startServer({
    host: "127.0.0.1",
    port: 0,
    dataDirectory: join(folder, "data"),
    certsDirectory: join(folder, "certs"),
    heartbeatMs: 10_000,
    minPasswordLength: 8,
    attemptLimits: null,
  });
});

afterEach(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(...options: string[]) {
  const child = spawn(process.execPath, [program, ...options], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return {
    child,
    ended: ended.then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number | null })),
  };
}

function crowd(...options: string[]) {
  return start("--server", `127.0.0.1:${server.port}`, "--json", "report.json", ...options);
}

function report(): CrowdReport {
  return JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as CrowdReport;
}

const seeded = ["--clients", "20", "--matches", "10", "--seed", "3", "--ramp", "200", "--look", "0.2"];

it("twenty clients play ten matches as the seed plans them, with the right results, and play the same again", async () => {
  const first = await crowd(...seeded).ended;
  expect(first.code).toBe(0);
  const { played, ...counts } = report();
  const planned = planCrowd({ seed: 3, clients: 20, matches: 10, rampPerSecond: 200 });
  expect(counts).toMatchObject({
    seed: 3,
    clients: { asked: 20, connected: 20, loggedIn: 20, gone: 0 },
    matches: { asked: 10, done: 10, void: 0, wrong: 0 },
    errors: {},
    isComplete: true,
  });
  expect(played).toEqual(
    planned.matches.map(({ number, x, o, moves, winner }) => ({
      number,
      x: planned.members[x]?.name,
      o: planned.members[o]?.name,
      moves: moves.map(({ row, column }) => `${row}${column}`).join(" "),
      outcome: winner ?? "draw",
    })),
  );
  const moveCount = planned.matches.reduce((sum, { moves }) => sum + moves.length, 0);
  expect(counts.latencies).toMatchObject({
    connect: { count: 20 },
    adduser: { count: 20 },
    login: { count: 20 },
    begin: { count: 10 },
    "first move": { count: 10 },
    move: { count: moveCount - 10 },
    result: { count: 20 },
  });
  for (const latency of Object.values(counts.latencies)) {
    expect(latency.p50Ms).toBeGreaterThan(0);
    expect(latency.p99Ms).toBeGreaterThanOrEqual(latency.p50Ms);
    expect(latency.maxMs).toBeGreaterThanOrEqual(latency.p99Ms);
  }
  expect(first.stdout).toMatch(/^matches done +10 of 10,/m);
  expect(first.stdout).toMatch(/^begin +10( +\d+\.\d\d){3}$/m);
  expect(first.stdout).toContain("No errors");

  expect((await crowd(...seeded).ended).code).toBe(0);
  expect(report().played).toEqual(played);
});

it("two clients play each other again and again", async () => {
  expect((await crowd("--clients", "2", "--matches", "12").ended).code).toBe(0);
  expect(report().matches).toMatchObject({ done: 12, wrong: 0 });
});

it("idle clients stay until the time is up", async () => {
  const { stdout, code } = await crowd("--clients", "5", "--for", "0.3").ended;
  expect(code).toBe(0);
  expect(stdout).toContain("5 of 5 clients are logged in\n");
  expect(report().durationMs).toBeGreaterThanOrEqual(300);
  expect(report().latencies.list).toBeUndefined();
});

it("idle clients stay until Ctrl-C, which is not a failure", async () => {
  const { child, ended } = crowd("--clients", "3");
  await new Promise<void>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      if (chunk.toString().includes("3 of 3 clients are logged in")) resolve();
    });
  });
  child.kill("SIGINT");
  expect((await ended).code).toBe(0);
  expect(report()).toMatchObject({ clients: { loggedIn: 3 }, errors: {} });
});

it("matches that were not all played are a failure", async () => {
  const { code, stderr } = await crowd("--clients", "2", "--matches", "10000", "--for", "0.2").ended;
  expect(code).toBe(1);
  expect(stderr).toContain("Not everything that was asked for happened");
  expect(report().matches.done).toBeLessThan(10_000);
});

it("without a server every client fails, and the errors say why", async () => {
  await server.stop();
  expect((await crowd("--clients", "3", "--ramp", "1000").ended).code).toBe(1);
  expect(report()).toMatchObject({
    clients: { connected: 0, gone: 3 },
    errors: { "connect ECONNREFUSED": 3 },
  });
});

it("a client that is told to try later does so, and its wait counts", async () => {
  await server.stop();
  server = await startServer({
    host: "127.0.0.1",
    port: 0,
    dataDirectory: join(folder, "strict"),
    certsDirectory: join(folder, "certs"),
    heartbeatMs: 10_000,
    minPasswordLength: 8,
    // Tries that are under way count until they have succeeded, so some of many at once must come again.
    attemptLimits: { failuresPerAddress: 1, newUsersPerAddress: 100 },
  });
  expect((await crowd("--clients", "6", "--ramp", "1000", "--for", "0.1").ended).code).toBe(0);
  const { errors, latencies } = report();
  expect(errors["login TRY_LATER"]).toBeGreaterThan(0);
  expect(latencies.login?.count).toBe(6);
  expect(latencies.login?.maxMs).toBeGreaterThanOrEqual(1_000);
});

it("a command line that makes no sense is refused with one line and exit code 2", async () => {
  const { stdout, stderr, code } = await start("--clients", "0").ended;
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^error: [^\n]+\n$/);
  expect(code).toBe(2);
});
