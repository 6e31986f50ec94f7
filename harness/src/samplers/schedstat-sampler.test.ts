// Against real processes: this sampler is what it reads from the kernel.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDescendantsFinder, findNone } from "./descendants.ts";
import { readKernelUnits } from "./kernel-units.ts";
import { ProcFileCache } from "./proc-file-cache.ts";
import { ProcessTreeUsage } from "./process-tree-usage.ts";
import { createSchedstatSampler } from "./schedstat-sampler.ts";

const nowMs = () => performance.now();

const MAIN_THREAD_ENDS = `
import ctypes, threading, time
threading.Thread(target=time.sleep, args=(60,)).start()
ctypes.CDLL(None).pthread_exit(None)
`;

/** `said` resolves with the next line that it prints. */
function startFixture(name: string) {
  const file = join(import.meta.dirname, "..", "fixtures", name);
  const child = spawn(process.execPath, [file], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, said: async () => String((await lines.next()).value) };
}

/** A fixture that answers each line with one: what it has used, in milliseconds of CPU. */
function startSpender() {
  const { child, said } = startFixture("spender.fixture.js");
  return {
    child,
    pid: child.pid!,
    async ask(what: string): Promise<number> {
      child.stdin.write(`${what}\n`);
      return Number(await said());
    },
  };
}

function usageOf(pid: number, findDescendants = findNone) {
  const files = new ProcFileCache();
  onTestFinished(() => files.close());
  const usage = new ProcessTreeUsage(pid, findDescendants, files, readKernelUnits());
  return { files, usage, read: () => usage.read(usage.pids())! };
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
    const { read } = usageOf(pid, createDescendantsFinder());
    const beforeMs = await ask("spend 1");
    const before = read();
    const afterMs = await ask(`${kind} 200`);
    const after = read();
    expect(afterMs - beforeMs).toBeGreaterThan(190);
    expect(Math.abs((after.cpuNs - before.cpuNs) / 1e6 - (afterMs - beforeMs))).toBeLessThan(LIMIT_MS);
  });

  it("never goes backwards while threads come and go", async () => {
    const { pid, ask } = startSpender();
    const { usage, read, files } = usageOf(pid);
    await ask("spend 1");
    const readings: number[] = [];
    const timer = setInterval(() => readings.push(read().cpuNs), 5);
    for (let thread = 0; thread < 5; thread++) await ask("thread 30");
    clearInterval(timer);
    expect(readings.length).toBeGreaterThan(5);
    expect(readings).toEqual(readings.toSorted((one, other) => one - other));
    usage.close();
    expect(files.openCount).toBe(0);
  });

  it("counts a child once, and for good, when the thread that started it ends", async () => {
    const { child, said } = startFixture("threaded-parent.fixture.js");
    const pid = Number((await said()).split(" ")[1]);
    onTestFinished(() => void process.kill(pid, "SIGKILL"));
    const { read } = usageOf(child.pid!, createDescendantsFinder());
    const readings = [read()];
    child.stdin.write("leave\n");
    expect(await said()).toBe("left");
    for (let tick = 0; tick < 3; tick++) readings.push(read());
    expect(readings.map(({ processCount }) => processCount)).toEqual([2, 2, 2, 2]);
    const cpuNs = readings.map((reading) => reading.cpuNs);
    expect(cpuNs).toEqual(cpuNs.toSorted((one, other) => one - other));
  });

  it("goes on when the main thread has ended and others live", async () => {
    const child = spawn("python3", ["-c", MAIN_THREAD_ENDS], { stdio: "ignore" });
    onTestFinished(() => void child.kill("SIGKILL"));
    const { read } = usageOf(child.pid!);
    await expect.poll(() => readFileSync(`/proc/${child.pid}/statm`, "utf8").split(" ")[0]).toBe("0");
    expect(read().rssBytes).toBeGreaterThan(5e6);
    expect(read().cpuNs).toBeGreaterThan(0);
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
