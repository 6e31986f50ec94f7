import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Argument, Option } from "commander";
import { calibrate as calibrateSamplers, errorOf } from "../calibration/calibrate.ts";
import { type ArmRun, measureCost } from "../calibration/measuring-cost.ts";
import { measuringCostTable } from "../calibration/measuring-cost-table.ts";
import { samplingCost } from "../calibration/sampling-cost.ts";
import { typingDirectory } from "../project/typing-directory.ts";
import { fileProblem } from "../reporters/check-writable.ts";
import { SAMPLER_NAMES } from "../samplers/choose-sampler.ts";
import { quantile } from "../statistics/quantiles.ts";
import { defineCommand, OK, refuse } from "./command.ts";

const names = process.platform === "linux" ? SAMPLER_NAMES : (["pidusage"] as const);
const PERCENTS = [0, 25, 50, 100];
const MS_FOR_EACH = 4_000;

export const calibrate = defineCommand<{ ab: boolean }>({
  name: "calibrate",
  summary: "measure how far the samplers are off on this machine, and what measuring costs; half a minute",
  arguments: [new Argument("[chart.png]", "also draw what the samplers read, into this file")],
  options: [new Option("--ab", "instead, one program alone and measured, interleaved; some minutes")],
  examples: [["calibration.png"], ["--ab"]],
  async run([chart], { ab }) {
    const chartPath = chart && resolve(typingDirectory(), chart);
    const objection = chartPath && (await fileProblem(chartPath));
    if (objection) return refuse(objection);
    if (ab) await compareWithAlone();
    else await measureErrors(chartPath);
    return OK;
  },
});

async function compareWithAlone(): Promise<void> {
  const work = { rounds: 10, messagesEach: 4_000, idleMs: 2_000 };
  const onArmRun = ({ arm, busyCpuMs }: ArmRun) =>
    console.error(`  ${arm}: ${busyCpuMs.toFixed(0)} ms of CPU`);
  console.log("An echo client, alone and measured every 100 ms, interleaved:");
  console.log(measuringCostTable(await measureCost({ ...work, onArmRun })));
}

async function measureErrors(chartPath: string | undefined): Promise<void> {
  const samplers = [100, 1_000].flatMap((intervalMs) => names.map((name) => ({ name, intervalMs })));
  const seconds = (PERCENTS.length * MS_FOR_EACH) / 1_000;
  console.error(`Reading a program that keeps its own account of its CPU, ${seconds} s …`);
  const calibrations = await calibrateSamplers({ percents: PERCENTS, msForEach: MS_FOR_EACH, samplers });
  console.log("Error in percentage points, for a program that burns 0, 25, 50 and 100 % of a core:");
  for (const calibration of calibrations) {
    const errors = [0.5, 0.95, 1].map((share) => errorOf(calibration, share).toFixed(2));
    console.log(
      `  ${calibration.name} every ${calibration.intervalMs} ms: ${errors.join(" / ")} (p50 / p95 / max)`,
    );
  }
  if (chartPath) {
    const [{ renderPng }, { calibrationChart }] = await Promise.all([
      import("../charts/render.ts"),
      import("../calibration/calibration-chart.ts"),
    ]);
    const fine = calibrations.filter(({ intervalMs }) => intervalMs === 100);
    await mkdir(dirname(chartPath), { recursive: true });
    await writeFile(chartPath, renderPng(calibrationChart(fine.toReversed())));
  }

  console.error("Sampling idle processes …");
  console.log("Percent of a core to sample three idle processes every 100 ms:");
  for (const name of names) {
    const cost = await samplingCost(name, { processes: 3, intervalMs: 100, turns: 4, turnMs: 2_000 });
    const { emptyPercent, sampledPercent, scheduleErrorsMs: errors } = cost;
    const error = [0.5, 0.99, 1].map((share) => quantile(errors, share).toFixed(2));
    const cpu = `${sampledPercent.toFixed(2)}, an empty timer ${emptyPercent.toFixed(2)}`;
    console.log(`  ${name}: ${cpu}; schedule error ${error.join(" / ")} ms (p50 / p99 / max)`);
  }
}
