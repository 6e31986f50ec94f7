// Against programs whose CPU and memory are known. What a program used is held against its own account, not against
// the time that passed: on a busy machine it gets less than it wants.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ProcessSample } from "../result/result.ts";
import { createPidusageSampler } from "./pidusage-sampler.ts";
import { startSampling } from "./sampling.ts";

/** The kernel counts in ticks of 10 ms, for each process; a program that rests still has a little to do. */
const LIMIT_MS = 60;

/** Starts the fixture and samples it and samples it. */
async function watch(fixture: string, ...args: string[]) {
  const file = join(import.meta.dirname, "..", "fixtures", `${fixture}.fixture.js`);
  const startMs = performance.now();
  const nowMs = () => performance.now() - startMs;
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  onTestFinished(() => void process.kill(-child.pid!, "SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`);
    return (await lines.next()).value as string;
  };
  if (fixture !== "spender") await lines.next(); // Which does not speak before it is asked.
  const startedAtMs = nowMs();
  let onSample = () => {};
  const sampling = startSampling({
    sampler: createPidusageSampler({ nowMs, intervalMs: 100 }),
    intervalMs: 100,
    nowMs,
    processes: () => [{ id: "it", pid: child.pid!, startedAtMs }],
    onSamples: () => onSample(),
  });
  onTestFinished(() => sampling.stop());
  return {
    ask: async (line: string) => Number(await ask(line)),
    /** All samples there are when so many more have been taken. */
    async after(count: number): Promise<ProcessSample[]> {
      const enough = sampling.samplesOf("it").length + count;
      await new Promise<void>((resolve) => {
        onSample = () => sampling.samplesOf("it").length >= enough && resolve();
      });
      return [...sampling.samplesOf("it")];
    },
  };
}

/** CPU time that the samples tell, after the first so many. */
function usedMs(samples: ProcessSample[], from: number): number {
  return samples
    .slice(from)
    .reduce(
      (sum, { cpuPercent, timeMs }, index) =>
        sum + (cpuPercent / 100) * (timeMs - samples[from + index - 1]!.timeMs),
      0,
    );
}

describe("sampling", () => {
  it.each([
    ["a program", ["spender"], 1],
    ["a program's child", ["parent", "spender.fixture.js"], 2],
  ] as const)("reads what %s uses", async (_, [fixture, ...args], processCount) => {
    const watched = await watch(fixture, ...args);
    const beforeMs = await watched.ask("spend 1");
    const before = await watched.after(2);
    const spentMs = (await watched.ask("spend 300")) - beforeMs;
    const samples = await watched.after(2);
    expect(spentMs).toBeGreaterThan(290);
    expect(Math.abs(usedMs(samples, before.length) - spentMs)).toBeLessThan(LIMIT_MS);
    expect(samples.at(-1)?.processCount).toBe(processCount);
  });

  it("reads nothing of a program that rests", async () => {
    const samples = await (await watch("allocator", "1")).after(6);
    expect(usedMs(samples, 1)).toBeLessThan(LIMIT_MS);
  });

  it("reads the memory that a program takes", async () => {
    const [small] = await (await watch("allocator", "1")).after(1);
    const [big] = await (await watch("allocator", "101")).after(1);
    const differenceMb = (big!.rssBytes - small!.rssBytes) / 1e6;
    expect(differenceMb).toBeGreaterThan(90);
    expect(differenceMb).toBeLessThan(110);
  });
});
