// The CPU and memory of a process, as the tables of a run show them. Pure.
import type { RunResult } from "../result/result.ts";
import { maximum, mean } from "../statistics/totals.ts";
import { formatMegabytes, formatPercent } from "./quantities.ts";

const UNKNOWN = "–";

interface Usage {
  cpuPercent: number;
  rssBytes: number;
}

/** Which processes the figures of a program include. */
export function membershipText({ membership }: RunResult["sampling"]): string {
  if (membership === "process-only") return "Children not included.";
  if (membership === "process-tree")
    return "Children included, except those that left their parent before a reading, such as daemons: that takes root.";
  return "Children included.";
}

/** CPU mean, CPU max and memory max; unknown for a process that was never sampled. */
export function usageTexts(samples: readonly Usage[]): [string, string, string] {
  if (samples.length === 0) return [UNKNOWN, UNKNOWN, UNKNOWN];
  const percents = samples.map(({ cpuPercent }) => cpuPercent);
  const memory = formatMegabytes(maximum(samples.map(({ rssBytes }) => rssBytes)));
  return [formatPercent(mean(percents)), formatPercent(maximum(percents)), memory];
}
