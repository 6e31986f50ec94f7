// Checks of the figures that a scenario itself measured: the median over its rounds against a limit. With several rounds
// a check fails only if the whole confidence interval of the median misses the limit: one bad round is no evidence.
import type { Figure, RunResult, Verdict } from "../result/result.ts";
import type { Check } from "../scenario/scenario.ts";
import { median, medianInterval } from "../statistics/quantiles.ts";
import { significant } from "../text/quantities.ts";

export function figureAtMost(name: string, limit: number, advice: string): Check {
  return (result) => verdictOn(result, name, { limit, advice, isMet: (value) => value <= limit });
}

export function figureAtLeast(name: string, limit: number, advice: string): Check {
  return (result) => verdictOn(result, name, { limit, advice, isMet: (value) => value >= limit });
}

interface Wanted {
  limit: number;
  advice: string;
  isMet(value: number): boolean;
}

function verdictOn({ figures = [] }: RunResult, name: string, { limit, advice, isMet }: Wanted): Verdict {
  const figure = figures.find((candidate) => candidate.name === name);
  if (!figure) return { name, passed: false, value: "not measured", limit, unit: "", advice };
  const value = median(figure.values);
  const { low, high } = medianInterval(figure.values);
  return {
    name: figure.values.length > 1 ? `${name}, median of ${figure.values.length}` : name,
    passed: [low, value, high].some(isMet),
    value:
      figure.values.length > 1
        ? `${significant(value)} (${significant(low)} to ${significant(high)})`
        : significant(value),
    limit,
    unit: figure.unit,
    advice: `${advice}${spreadOf(figure)}`,
  };
}

function spreadOf({ values, unit }: Figure): string {
  if (values.length < 2) return "";
  return ` The rounds gave ${significant(Math.min(...values))} to ${significant(Math.max(...values))} ${unit}.`;
}
