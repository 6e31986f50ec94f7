import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { ControlGroup } from "../cgroup/control-group.ts";
import { ControlGroupUsage } from "./control-group-usage.ts";
import { readKernelUnits } from "./kernel-units.ts";
import { ProcFileCache } from "./proc-file-cache.ts";
import { createSchedstatSampler } from "./schedstat-sampler.ts";

const nowMs = () => performance.now();
const group = ControlGroup.make(`fiel-usage-test-${process.pid}`);
await group?.end();

/** In a group of its own; `sample` reads it as a run does. */
function start(script: string) {
  const own = ControlGroup.make(`fiel-usage-test-${process.pid}`)!;
  onTestFinished(async () => void (await own.end()));
  const startedAtMs = nowMs();
  const [file = "", ...args] = own.command(["sh", "-c", script]);
  const child = spawn(file, args, { stdio: "ignore" });
  const sampler = createSchedstatSampler({ nowMs, intervalMs: 1 });
  onTestFinished(() => sampler.close());
  const program = { id: "it", pid: child.pid!, startedAtMs, group: own };
  return { own, startedAtMs, sample: async () => (await sampler.sample([program])).get("it") };
}

const BUSY = `${process.execPath} -e 'while (process.cpuUsage().user < 150_000);'`;

describe.skipIf(!group)("a program in a control group", () => {
  it("is sampled on when it has left its parent and its session and become a daemon", async () => {
    const { own, sample } = start("setsid sleep 60 </dev/null >/dev/null 2>&1 &");
    await expect.poll(() => own.processes().length).toBe(1);
    const { processCount, rssBytes } = (await sample())!;
    expect(processCount).toBe(1);
    expect(rssBytes).toBeGreaterThan(100_000);
  });

  it("is charged for children that nobody waited for, ended or not", async () => {
    const { own, startedAtMs, sample } = start(`(${BUSY} &); (${BUSY} &); exec sleep 60`);
    const hasEnded = () => own.cpuMicroseconds()! > 300_000 && own.processes().length === 1;
    await expect.poll(hasEnded, { timeout: 20_000 }).toBe(true);
    const last = (await sample())!;
    const spentMs = (last.cpuPercent * (last.timeMs - startedAtMs)) / 100;
    expect(spentMs).toBeGreaterThanOrEqual(0.98 * 300);
  });

  it("has no sample while its last process is a zombie, whose memory is gone", async () => {
    const { own } = start("true & exec sleep 60");
    const nameOf = (pid: number | undefined) => readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    await expect.poll(() => own.processes().map(nameOf)).toEqual(["sleep"]);
    const [parent] = own.processes();
    const zombie = readFileSync(`/proc/${parent}/task/${parent}/children`, "utf8").trim();
    expect(zombie).toMatch(/^\d+$/);
    const usage = new ControlGroupUsage(own, new ProcFileCache(), readKernelUnits());
    onTestFinished(() => usage.close());
    expect(usage.read([Number(zombie)])).toBeNull();
    expect(usage.read([parent!, Number(zombie)])).toMatchObject({ processCount: 1 });
  });

  it("has no sample once all its processes have ended", async () => {
    const { own, sample } = start("true");
    await expect.poll(() => own.processes().length).toBe(0);
    expect(await sample()).toBeUndefined();
  });
});
