// Compares samplers with a program whose CPU time is known, because it keeps its own account.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { builtFile } from "../own-package.ts";
import { createSampler, type SamplerName, warmUpSampler } from "../samplers/choose-sampler.ts";
import { startSampling } from "../samplers/sampling.ts";
import { quantile } from "../statistics/quantiles.ts";

export interface CalibrationOptions {
  percents: readonly number[];
  msForEach: number;
  /** All of them sample the same process at the same time. */
  samplers: readonly { name: SamplerName; intervalMs: number }[];
}

export interface Window {
  startMs: number;
  endMs: number;
  sampledPercent: number;
  /** From the program's own account. */
  truePercent: number;
}

export interface Calibration {
  name: SamplerName;
  intervalMs: number;
  windows: Window[];
}

interface Entry {
  timeMs: number;
  spentMs: number;
}

// The compiled file, also when this file runs uncompiled: measured programs are always compiled.
const program = builtFile("calibrator.js");

export async function calibrate(options: CalibrationOptions): Promise<Calibration[]> {
  const { percents, msForEach, samplers } = options;
  for (const { name } of samplers) await warmUpSampler(name);
  const startedAtMs = monotonicMs();
  const child = spawn(process.execPath, [program, String(msForEach), ...percents.map(String)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  await once(output, "line");
  const samplings = samplers.map(({ name, intervalMs }) =>
    startSampling({
      sampler: createSampler(name, { nowMs: monotonicMs, intervalMs }),
      intervalMs,
      nowMs: monotonicMs,
      processes: () => (child.exitCode === null ? [{ id: "it", pid: child.pid!, startedAtMs }] : []),
    }),
  );
  await Promise.all([exited, once(output, "close")]);
  await Promise.all(samplings.map((sampling) => sampling.stop()));
  const account = lines.slice(1).map(parseEntry);
  return samplers.map((sampler, index) => {
    const samples = samplings[index]!.samplesOf("it");
    const windows = samples.slice(1).map(({ timeMs, cpuPercent }, before): Window => {
      const startMs = samples[before]!.timeMs;
      const spentMs = spentUntil(account, timeMs) - spentUntil(account, startMs);
      const truePercent = (100 * spentMs) / (timeMs - startMs);
      return { startMs, endMs: timeMs, sampledPercent: cpuPercent, truePercent };
    });
    const last = account.at(-1)!.timeMs;
    return { ...sampler, windows: windows.filter(({ endMs }) => endMs <= last) };
  });
}

/** The error in percentage points that the given share of all windows does not exceed. */
export function errorOf({ windows }: Calibration, share: number): number {
  const errors = windows.map(({ sampledPercent, truePercent }) => Math.abs(sampledPercent - truePercent));
  return quantile(errors, share);
}

/** This clock is the same in every process of the machine. */
function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

function parseEntry(line: string): Entry {
  const [timeMs, spentMs] = line.split(" ").map(Number);
  return { timeMs: timeMs!, spentMs: spentMs! };
}

/** Interpolates between two entries. */
function spentUntil(account: readonly Entry[], timeMs: number): number {
  const next = account.findIndex((entry) => entry.timeMs >= timeMs);
  const after = account.at(next)!;
  const before = account[next - 1];
  if (!before) return after.spentMs;
  const share = (timeMs - before.timeMs) / (after.timeMs - before.timeMs);
  return before.spentMs + share * (after.spentMs - before.spentMs);
}
