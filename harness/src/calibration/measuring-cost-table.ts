// The cost of measuring as a table: the median of each arm, and how much more it took than the program alone in the
// same round, as median and 95 % interval (by ranks). Pure.
import { median, medianInterval } from "../statistics/quantiles.ts";
import { alignColumns } from "../text/text-table.ts";
import { ARMS, type ArmRun } from "./measuring-cost.ts";

export function measuringCostTable(runs: readonly ArmRun[]): string {
  const of = (arm: ArmRun["arm"]) => runs.filter((run) => run.arm === arm);
  const alone = of("alone");
  const rows = ARMS.map((arm) => {
    const its = of(arm);
    const busy = its.map(({ busyCpuMs }, round) => 100 * (busyCpuMs / alone[round]!.busyCpuMs - 1));
    const idle = its.map(({ idlePercent }, round) => idlePercent - alone[round]!.idlePercent);
    return [
      arm,
      [...new Set(its.map(({ bytesSent }) => bytesSent))].join(" or "),
      median(its.map(({ busyCpuMs }) => busyCpuMs)).toFixed(0),
      arm === "alone" ? "" : `${withInterval(busy, 1)} %`,
      median(its.map(({ idlePercent }) => idlePercent)).toFixed(2),
      arm === "alone" ? "" : `${withInterval(idle, 2)} points`,
    ];
  });
  const head = ["", "bytes sent", "CPU under load (ms)", "more", "CPU idle (% of a core)", "more"];
  return alignColumns([head, ...rows]).join("\n");
}

function withInterval(values: readonly number[], digits: number): string {
  const { low, high } = medianInterval(values);
  return `${median(values).toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}
