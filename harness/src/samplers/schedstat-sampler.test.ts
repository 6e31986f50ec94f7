// Against real processes: this sampler is what it reads from the kernel.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { readKernelUnits } from "./kernel-units.ts";
import { ProcFileCache } from "./proc-file-cache.ts";
import { ProcessTreeUsage } from "./process-tree-usage.ts";
import { createSchedstatSampler } from "./schedstat-sampler.ts";

const nowMs = () => performance.now();

/** Starts a fixture that answers each line with one: what it has used, in milliseconds of CPU. */
function startSpender() {
  const file = join(import.meta.dirname, "..", "fixtures", "spender.fixture.js");
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    pid: child.pid!,
    async ask(what: string): Promise<number> {
      child.stdin.write(`${what}\n`);
      return Number((await answers.next()).value);
    },
  };
}

function createClock() {
  const files = new ProcFileCache();
  onTestFinished(() => files.close());
  return { files, clock: new ProcessTreeUsage(files, readKernelUnits()) };
}

/** The scheduler's tick, the two roundings of the kernel's sums, and as much again for a machine that is busy. */
const LIMIT_MS = 60;

describe.runIf(process.platform === "linux")("the schedstat sampler", () => {
  it("gives the mean since the start first, then the mean since the last reading", async () => {
    const startedAtMs = nowMs();
    const { pid, ask } = startSpender();
    const sampler = createSchedstatSampler({ nowMs, intervalMs: 1 });
    onTestFinished(() => sampler.close());
    const process = { id: "it", pid, startedAtMs };
    const firstMs = await ask("spend 200");
    const first = (await sampler.sample([process])).get("it")!;
    expect((first.cpuPercent * (first.timeMs - startedAtMs)) / 100).toBeGreaterThan(firstMs - LIMIT_MS);
    const secondMs = await ask("spend 200");
    const second = (await sampler.sample([process])).get("it")!;
    const spentMs = (second.cpuPercent * (second.timeMs - first.timeMs)) / 100;
    expect(Math.abs(spentMs - (secondMs - firstMs))).toBeLessThan(LIMIT_MS);
    expect(second.rssBytes).toBeGreaterThan(20e6);
    expect(second.processCount).toBe(1);
  });

  it("begins anew with a process that was started again under the same id", async () => {
    const sampler = createSchedstatSampler({ nowMs, intervalMs: 1 });
    onTestFinished(() => sampler.close());
    const first = startSpender();
    await first.ask("spend 300");
    await sampler.sample([{ id: "it", pid: first.pid, startedAtMs: nowMs() - 500 }]);
    const startedAtMs = nowMs();
    const second = startSpender();
    const spentMs = await second.ask("spend 50");
    const sample = (await sampler.sample([{ id: "it", pid: second.pid, startedAtMs }])).get("it")!;
    const seenMs = (sample.cpuPercent * (sample.timeMs - startedAtMs)) / 100;
    expect(Math.abs(seenMs - spentMs)).toBeLessThan(LIMIT_MS);
  });

  it.each(["thread", "child"])("loses nothing of a %s that lives between two readings", async (kind) => {
    const { pid, ask } = startSpender();
    const { clock } = createClock();
    const beforeMs = await ask("spend 1");
    const before = clock.read(pid, [])!;
    const afterMs = await ask(`${kind} 200`);
    const after = clock.read(pid, [])!;
    expect(afterMs - beforeMs).toBeGreaterThan(190);
    expect(Math.abs((after.cpuNs - before.cpuNs) / 1e6 - (afterMs - beforeMs))).toBeLessThan(LIMIT_MS);
  });

  it("never goes backwards while threads come and go", async () => {
    const { pid, ask } = startSpender();
    const { clock, files } = createClock();
    await ask("spend 1");
    const readings: number[] = [];
    const timer = setInterval(() => readings.push(clock.read(pid, [])!.cpuNs), 5);
    for (let thread = 0; thread < 5; thread++) await ask("thread 30");
    clearInterval(timer);
    expect(readings.length).toBeGreaterThan(5);
    expect(readings).toEqual(readings.toSorted((one, other) => one - other));
    clock.close();
    expect(files.openCount).toBe(0);
  });

  it("leaves out a process that is gone or was read a moment ago, and closes its files", async () => {
    const { pid, child, ask } = startSpender();
    await ask("spend 1");
    const sampler = createSchedstatSampler({ nowMs, intervalMs: 3_600_000 });
    expect(await sampler.sample([{ id: "it", pid, startedAtMs: nowMs() }])).toEqual(new Map());
    const longAgo = { id: "old", pid, startedAtMs: -3_600_000 };
    expect((await sampler.sample([longAgo])).size).toBe(1);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await createSchedstatSampler({ nowMs, intervalMs: 1 }).sample([longAgo])).toEqual(new Map());
  });

  it("keeps no more files open than it may, and reads on", () => {
    const files = new ProcFileCache(2);
    onTestFinished(() => files.close());
    const names = ["stat", "statm", "schedstat", "status"];
    const texts = names.map((name) => files.read(`/proc/${process.pid}/${name}`));
    expect(texts.every((text) => text !== null && text.length > 0)).toBe(true);
    expect(files.openCount).toBe(2);
  });
});
