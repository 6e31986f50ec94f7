// How far to trust the samplers on this machine: calibration figures, their chart, and what sampling costs.
// Run it with: npm run calibrate [-- <chart.png>], or -- --ab for what being measured costs a program.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { Command } from "commander";
import { renderPng } from "../charts/render.ts";
import { typingDirectory } from "../project.ts";
import { whyNoFile } from "../reporters/whether-writable.ts";
import { SAMPLER_NAMES } from "../samplers/choose-sampler.ts";
import { calibrate, errorOf } from "./calibrate.ts";
import { calibrationChart } from "./calibration-chart.ts";
import { samplingCost } from "./sampling-cost.ts";
import { type Turn, takeTurns } from "./with-and-without.ts";
import { withAndWithoutTable } from "./with-and-without-table.ts";

const names = process.platform === "linux" ? SAMPLER_NAMES : (["pidusage"] as const);

await new Command("npm run calibrate --")
  .description("How far the samplers are off on this machine, and what measuring costs; half a minute.")
  .argument("[chart.png]", "also draws what the samplers read there")
  .option("--ab", "a program alone and measured, by turns, instead; some minutes", false)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2))
  .action(async (chart: string | undefined, { ab }: { ab: boolean }, command: Command) => {
    const chartPath = chart && resolve(typingDirectory(), chart);
    const objection = chartPath && (await whyNoFile(chartPath));
    if (objection) command.error(objection);
    if (ab) await compareWithAlone();
    else await calibrateSamplers(chartPath);
  })
  .parseAsync();

async function compareWithAlone(): Promise<void> {
  const work = { rounds: 10, messagesEach: 4_000, idleMs: 2_000 };
  const onTurn = ({ arm, busyCpuMs }: Turn) => console.error(`  ${arm}: ${busyCpuMs.toFixed(0)} ms of CPU`);
  console.log("A program that talks to an echo, alone and measured every 100 ms, by turns:");
  console.log(withAndWithoutTable(await takeTurns({ ...work, onTurn })));
}

async function calibrateSamplers(chartPath: string | undefined): Promise<void> {
  const samplers = [100, 1_000].flatMap((intervalMs) => names.map((name) => ({ name, intervalMs })));
  const calibrations = await calibrate({ percents: [0, 25, 50, 100], msForEach: 4_000, samplers });
  console.log("Points off what a program used that burns 0, 25, 50 and 100 % of a core:");
  for (const calibration of calibrations) {
    const errors = [0.5, 0.95, 1].map((share) => errorOf(calibration, share).toFixed(2));
    console.log(
      `  ${calibration.name} every ${calibration.intervalMs} ms: ${errors.join(" / ")} (p50 / p95 / max)`,
    );
  }
  if (chartPath) {
    const fine = calibrations.filter(({ intervalMs }) => intervalMs === 100);
    await mkdir(dirname(chartPath), { recursive: true });
    await writeFile(chartPath, renderPng(calibrationChart(fine.toReversed())));
  }

  console.log("Percent of a core to sample three idle processes every 100 ms:");
  for (const name of names) {
    const cost = await samplingCost(name, { processes: 3, intervalMs: 100, turns: 4, turnMs: 2_000 });
    const { emptyPercent, sampledPercent, scheduleErrorsMs: errors } = cost;
    const error = [0.5, 0.99, 1].map((share) => errors[Math.ceil(share * errors.length) - 1]!.toFixed(2));
    const cpu = `${sampledPercent.toFixed(2)}, an empty timer ${emptyPercent.toFixed(2)}`;
    console.log(`  ${name}: ${cpu}; schedule error ${error.join(" / ")} ms (p50 / p99 / max)`);
  }
}
