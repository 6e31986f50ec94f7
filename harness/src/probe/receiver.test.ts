// The receiver: its state while programs run, at the end, and when one side disappears.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test, vi } from "vitest";
import { runNode, startProbedRun } from "./probed-run.fixture.ts";
import { startProbeReceiver } from "./receiver.ts";

test("totals grow while the programs run, by process", async () => {
  const run = await startProbedRun(5);
  const { port } = await run.accept("echo");
  await run.dial(port, "writes-and-stays", 1_000).line();
  await expect
    .poll(() => Object.fromEntries(run.receiver.totals()), { timeout: 10_000 })
    .toEqual({
      dialer: { bytesWritten: 1_000, bytesRead: 1_000 },
      acceptor: { bytesWritten: 1_000, bytesRead: 1_000 },
    });
});

test("finish asks running programs for their counts, and marks their sockets open", async () => {
  const run = await startProbedRun();
  const { port } = await run.accept("echo");
  await run.dial(port, "writes-and-stays", 800).line();
  const { sockets, connections } = await run.ledger();
  expect(sockets.map(({ end, closedAtMs }) => ({ end, closedAtMs }))).toEqual([
    { end: "open", closedAtMs: null },
    { end: "open", closedAtMs: null },
  ]);
  expect(connections[0]).toMatchObject({
    end: "open",
    dialerToAcceptor: { writtenBytes: 800, readBytes: 800 },
    acceptorToDialer: { writtenBytes: 800, readBytes: 800 },
  });
});

test("finish does not wait for a program that never returns to its event loop", async () => {
  const run = await startProbedRun();
  const { port } = await run.accept("echo");
  run.dial(port, "stays-busy", 10);
  await expect
    .poll(async () => (await run.ledger()).sockets.map((socket) => socket.bytesRead), { timeout: 10_000 })
    .toContain(10);
});

test("a sample is kept whenever counters changed, and only then", async () => {
  const run = await startProbedRun(5);
  const { port } = await run.accept("echo");
  await run.dial(port, "writes-and-stays", 10).line();
  await expect.poll(() => run.receiver.totals().get("dialer")?.bytesRead).toBe(10);
  const dialer = (await run.ledger()).sockets.find((socket) => socket.side === "dialer")!;
  const last = dialer.samples.at(-1)!;
  expect(last).toMatchObject({ bytesWritten: 10, bytesRead: 10 });
  expect(dialer.samples.length).toBeLessThanOrEqual(2);
  expect(last.timeMs).toBeGreaterThanOrEqual(dialer.openedAtMs);
  expect(last.timeMs).toBeLessThanOrEqual(performance.now());
});

test("existing NODE_OPTIONS are kept", async () => {
  vi.stubEnv("NODE_OPTIONS", "--max-old-space-size=100");
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = await startProbedRun();
  const optionsOf = (nodeOptions?: string) =>
    run.receiver.environmentFor({ id: "any", isNode: true, nodeOptions }).NODE_OPTIONS;
  expect(optionsOf()).toMatch(/^--max-old-space-size=100 --require=\//);
  expect(optionsOf("--stack-size=900")).toMatch(/^--stack-size=900 --require=\//);
});

test("a folder whose path is too long for a socket works, and nothing is left behind", async () => {
  const parent = await mkdtemp(join(tmpdir(), "probed-"));
  onTestFinished(() => rm(parent, { recursive: true }));
  const directory = join(parent, "long".repeat(30));
  await mkdir(directory);
  const receiver = await startProbeReceiver({ directory, nowMs: () => 0, intervalMs: 100 });
  const path = receiver.environmentFor({ id: "any", isNode: true }).PROBE_CHANNEL!;
  expect(path.length).toBeLessThanOrEqual(103);
  expect(existsSync(path)).toBe(true);
  await receiver.close();
  expect(existsSync(join(path, ".."))).toBe(false);
});

test("a program whose harness was killed ends at once, and removes what the run left behind", async () => {
  const directory = await mkdtemp(join(tmpdir(), "probed-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const leftover = join(directory, "leftover");
  await mkdir(leftover);
  await writeFile(join(leftover, "file"), "");
  const fixture = fileURLToPath(new URL("./doomed-harness.fixture.js", import.meta.url));
  const harness = runNode([fixture, directory, leftover], {});
  await harness.line();
  harness.child.kill("SIGKILL");
  // The program inherited this output, so it closes when both are gone.
  await once(harness.child, "close");
  expect(existsSync(leftover)).toBe(false);
  expect(existsSync(join(directory, "probe.sock"))).toBe(false);
});

test("closing the receiver ends the programs that still run", async () => {
  const run = await startProbedRun();
  const { program } = await run.accept("echo");
  await run.receiver.close();
  expect(await program.ended()).toBeNull();
  expect(program.child.signalCode).toBe("SIGKILL");
});

test("a program that starts when its harness is gone ends at once", async () => {
  const run = await startProbedRun();
  await run.receiver.close();
  const late = run.dial(0, "waits");
  expect(await late.ended()).toBeNull();
  expect(late.child.signalCode).toBe("SIGKILL");
});
