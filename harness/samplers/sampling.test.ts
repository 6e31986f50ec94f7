// Against programs whose CPU and memory are known. The bounds are wide: two busy cores shift the figures.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createPidusageSampler } from "./pidusage-sampler.ts";
import { startSampling } from "./sampling.ts";

const children: { kill(signal: NodeJS.Signals): boolean }[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Samples the fixture until there are so many samples. */
async function sample(count: number, fixture: string, ...args: string[]) {
  const file = join(import.meta.dirname, "..", "fixtures", `${fixture}.fixture.js`);
  const startMs = performance.now();
  const nowMs = () => performance.now() - startMs;
  const child = spawn(process.execPath, [file, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  children.push({ kill: () => process.kill(-child.pid!, "SIGKILL") });
  await once(child.stdout, "data");
  const startedAtMs = nowMs();
  await new Promise<void>((enough) => {
    const sampling = startSampling({
      sampler: createPidusageSampler({ nowMs, intervalMs: 100 }),
      intervalMs: 100,
      nowMs,
      processes: () => [{ id: "it", pid: child.pid!, startedAtMs }],
      onSamples: () => sampling.samplesOf("it").length >= count && enough(),
    });
    samplings.push(sampling);
  });
  const sampling = samplings.pop()!;
  await sampling.stop();
  return sampling.samplesOf("it").slice(1);
}

const samplings: ReturnType<typeof startSampling>[] = [];

function mean(values: number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

describe("sampling", () => {
  it("reads the share of a core that a program burns", async () => {
    const samples = await sample(16, "burner", "50");
    expect(mean(samples.map(({ cpuPercent }) => cpuPercent))).toBeGreaterThan(25);
    expect(mean(samples.map(({ cpuPercent }) => cpuPercent))).toBeLessThan(75);
  });

  it("reads nothing of a program that rests", async () => {
    const samples = await sample(10, "allocator", "1");
    expect(mean(samples.map(({ cpuPercent }) => cpuPercent))).toBeLessThan(10);
  });

  it("reads the memory that a program takes", async () => {
    const [small] = await sample(3, "allocator", "1");
    const [big] = await sample(3, "allocator", "101");
    const differenceMb = (big!.rssBytes - small!.rssBytes) / 1e6;
    expect(differenceMb).toBeGreaterThan(90);
    expect(differenceMb).toBeLessThan(110);
  });

  it("counts a program's children in", async () => {
    const samples = await sample(12, "parent", "burner.fixture.js", "50");
    expect(samples.at(-1)?.processCount).toBe(2);
    expect(mean(samples.slice(2).map(({ cpuPercent }) => cpuPercent))).toBeGreaterThan(25);
  });
});
