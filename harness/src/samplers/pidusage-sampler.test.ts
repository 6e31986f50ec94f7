import { describe, expect, it } from "vitest";
import { createPidusageSampler } from "./pidusage-sampler.ts";

const server = { id: "server", pid: 7, startedAtMs: 0 };

function createWorld() {
  const usages: Record<number, { ctime: number; memory: number } | null> = {};
  const world = { nowMs: 0, children: [] as number[], usages, calls: [] as number[][] };
  const sampler = createPidusageSampler({
    nowMs: () => world.nowMs,
    intervalMs: 100,
    findDescendants: () => world.children,
    async read(pids) {
      world.calls.push(pids);
      return world.usages;
    },
  });
  return { world, sampler };
}

describe("the pidusage sampler", () => {
  it("gives the mean since the start first, then the mean since the last reading", async () => {
    const { world, sampler } = createWorld();
    world.nowMs = 200;
    world.usages[7] = { ctime: 100, memory: 5_000 };
    expect((await sampler.sample([server])).get("server")).toEqual({
      timeMs: 200,
      cpuPercent: 50,
      rssBytes: 5_000,
      processCount: 1,
    });
    world.nowMs = 300;
    world.usages[7] = { ctime: 110, memory: 6_000 };
    expect((await sampler.sample([server])).get("server")?.cpuPercent).toBeCloseTo(10);
  });

  it("adds the children, reading all in one call, and bears that one dies", async () => {
    const { world, sampler } = createWorld();
    world.nowMs = 100;
    world.children = [8];
    Object.assign(world.usages, { 7: { ctime: 10, memory: 1_000 }, 8: { ctime: 40, memory: 2_000 } });
    expect((await sampler.sample([server])).get("server")).toMatchObject({
      cpuPercent: 50,
      rssBytes: 3_000,
      processCount: 2,
    });
    world.nowMs = 200;
    Object.assign(world.usages, { 7: { ctime: 20, memory: 1_000 }, 8: null });
    expect((await sampler.sample([server])).get("server")).toMatchObject({
      cpuPercent: 10,
      rssBytes: 1_000,
      processCount: 1,
    });
    expect(world.calls).toEqual([
      [7, 8],
      [7, 8],
    ]);
  });

  it("leaves out a process that is gone or was read a moment ago", async () => {
    const { world, sampler } = createWorld();
    world.nowMs = 20;
    world.usages[7] = { ctime: 10, memory: 1_000 };
    expect(await sampler.sample([server])).toEqual(new Map());
    world.nowMs = 100;
    world.usages[7] = { ctime: 10, memory: 0 };
    expect(await sampler.sample([server])).toEqual(new Map());
  });
});
