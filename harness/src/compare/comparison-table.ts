// A comparison as a table, for the terminal or in Markdown. Pure.
import { median, medianInterval } from "../statistics/quantiles.ts";
import { maximum, minimum } from "../statistics/totals.ts";
import { escaped, table } from "../text/markdown.ts";
import { rounded } from "../text/quantities.ts";
import { alignColumns } from "../text/text-table.ts";
import type { Compared } from "./comparison.ts";
import type { Repeats } from "./repeats.ts";

const marks = {
  better: "✅ better",
  worse: "❌ worse",
  "the same": "the same",
  "no evidence": "no evidence",
} as const;
const HEADER = ["Figure", "Before", "After", "Change", "Verdict", "Method"];

export function comparisonText(compared: readonly Compared[]): string {
  return alignColumns([HEADER, ...compared.map(cells)]).join("\n");
}

export function comparisonMarkdown(compared: readonly Compared[], before: string, after: string): string {
  const rows = compared.map((figure) => cells(figure).map(escaped));
  const note = "Medians, with the interval of the true median in brackets. Less is better for every figure.";
  return `## ${escaped(before)} and ${escaped(after)}\n\n${note}\n\n${table(HEADER, rows)}`;
}

/** The figures of several runs: median, its interval, and extremes. */
export function repeatsText({ figures, startedAt }: Repeats): string {
  const { confidence } = medianInterval(startedAt.map((_, index) => index));
  const interval = `${(confidence * 100).toFixed(0)} % interval`;
  const rows = figures.map(({ name, unit, values }) => {
    const { low, high } = medianInterval(values);

    return [
      name,
      `${rounded(median(values))} ${unit}`,
      `${rounded(low)} to ${rounded(high)}`,
      String(rounded(minimum(values))),
      String(rounded(maximum(values))),
    ];
  });
  return alignColumns([["figure", "median", interval, "lowest", "highest"], ...rows]).join("\n");
}

function cells({ name, unit, before, after, verdict, method }: Compared): string[] {
  const [one, other] = [median(before), median(after)];
  const change = one === other ? "0" : one === 0 ? "new" : `${signed(((other - one) / one) * 100)} %`;
  return [name, withInterval(before, unit), withInterval(after, unit), change, marks[verdict], method];
}

function withInterval(values: readonly number[], unit: string): string {
  const { low, high } = medianInterval(values);
  const range = low === high ? "" : ` [${rounded(low)}, ${rounded(high)}]`;
  return `${rounded(median(values))}${range} ${unit}`.trim();
}

function signed(percent: number): string {
  return `${percent > 0 ? "+" : ""}${percent.toFixed(Math.abs(percent) < 10 ? 2 : 0)}`;
}
