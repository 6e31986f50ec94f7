// What sampling costs beyond an empty timer at the same interval. Both run interleaved in one process, so that other
// load on the machine affects both.
import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { createSampler, type SamplerName } from "../samplers/choose-sampler.ts";
import type { Sampler } from "../samplers/sampler.ts";
import { startSampling } from "../samplers/sampling.ts";

export interface SamplingCost {
  /** Percent of a core. */
  emptyPercent: number;
  sampledPercent: number;
  scheduleErrorsMs: number[];
}

const nowMs = () => performance.now();
const empty: Sampler = { name: "empty", sample: async () => new Map(), close() {} };
const idle = ["-e", "setInterval(() => {}, 1e6)"];

export async function samplingCost(
  name: SamplerName,
  { processes, intervalMs, turns, turnMs }: Record<"processes" | "intervalMs" | "turns" | "turnMs", number>,
): Promise<SamplingCost> {
  const children = Array.from({ length: processes }, () =>
    spawn(process.execPath, idle, { stdio: "ignore" }),
  );
  const cost: SamplingCost = { emptyPercent: 0, sampledPercent: 0, scheduleErrorsMs: [] };
  await delay(turnMs);
  for (let turn = 0; turn < turns; turn++) {
    cost.emptyPercent += (await run(empty, children, intervalMs, turnMs)).percent / turns;
    const sampled = await run(createSampler(name, { nowMs, intervalMs }), children, intervalMs, turnMs);
    cost.sampledPercent += sampled.percent / turns;
    cost.scheduleErrorsMs.push(...sampled.errorsMs);
  }
  for (const child of children) child.kill();
  return cost;
}

async function run(sampler: Sampler, children: ChildProcess[], intervalMs: number, forMs: number) {
  const startedAtMs = nowMs();
  const before = process.cpuUsage();
  const processes = children.map(({ pid }) => ({ id: String(pid), pid: pid!, startedAtMs }));
  const sampling = startSampling({ sampler, intervalMs, nowMs, processes: () => processes });
  await delay(forMs);
  await sampling.stop();
  const { user, system } = process.cpuUsage(before);
  return {
    percent: (100 * (user + system)) / 1e3 / (nowMs() - startedAtMs),
    errorsMs: sampling.ticks.errorsMs,
  };
}
