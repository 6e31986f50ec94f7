// Compares two sets of runs figure by figure: better, worse, or no evidence, and by which method. Counts that never vary
// within either set are compared exactly. All others are compared by the Mann–Whitney test; Holm's correction over all of
// them keeps the probability of any false alarm in a comparison below 3 %. Pure.
import { holm } from "../statistics/holm.ts";
import { mannWhitney } from "../statistics/mann-whitney.ts";
import { median } from "../statistics/quantiles.ts";
import { mean } from "../statistics/totals.ts";
import type { Repeats, Series } from "./repeats.ts";

/** At most one false alarm in 33 comparisons: one in 20, with a margin for a machine that changes during the runs. */
const LEVEL = 0.03;
/** With fewer runs per side, a change cannot be distinguished from a count that sometimes varies. */
const MIN_RUNS = 3;

export interface Compared {
  name: string;
  unit: string;
  before: readonly number[];
  after: readonly number[];
  verdict: "better" | "worse" | "the same" | "no evidence";
  method: string;
}

export function compareRepeats(before: Repeats, after: Repeats): Compared[] {
  const names = new Set([...before.figures, ...after.figures].map(({ name }) => name));
  const pairs = [...names].map((name) => pairOf(name, before, after)).filter(isAnything);
  const tested = pairs.filter((pair) => hasEnough(pair) && !isExact(pair));
  const corrected = holm(tested.map((pair) => mannWhitney(pair.before, pair.after)));
  return pairs.map((pair) => {
    if (!hasEnough(pair)) return { ...pair, ...untold };
    const probability = corrected[tested.indexOf(pair)];
    return { ...pair, ...(probability === undefined ? exactly(pair) : byTest(pair, probability)) };
  });
}

/** Whether anything differs, as far as the runs can show. */
export function hasDifference(compared: readonly Compared[]): boolean {
  return compared.some(({ verdict }) => verdict === "better" || verdict === "worse");
}

const untold = {
  verdict: "no evidence",
  method: `takes ${MIN_RUNS} runs a side, see --repeat`,
} as const;

type Pair = Pick<Compared, "name" | "unit" | "before" | "after"> & { isCount: boolean };

function pairOf(name: string, before: Repeats, after: Repeats): Pair {
  const find = ({ figures }: Repeats): Series | undefined => figures.find((figure) => figure.name === name);
  const [one, other] = [find(before), find(after)];
  const { unit, isCount } = (one ?? other)!;
  return { name, unit, isCount, before: valuesOf(one, before), after: valuesOf(other, after) };
}

/** A figure that a side does not have is 0 there. */
function valuesOf(series: Series | undefined, { startedAt }: Repeats): readonly number[] {
  return series?.values ?? startedAt.map(() => 0);
}

/** A figure that is 0 on both sides says nothing. */
function isAnything({ before, after }: Pair): boolean {
  return [...before, ...after].some((value) => value !== 0);
}

function isExact({ isCount, before, after }: Pair): boolean {
  return isCount && new Set(before).size === 1 && new Set(after).size === 1;
}

function hasEnough({ before, after }: Pair): boolean {
  return Math.min(before.length, after.length) >= MIN_RUNS;
}

function exactly({ before, after }: Pair): Pick<Compared, "verdict" | "method"> {
  const verdict = median(before) === median(after) ? "the same" : direction(before, after);
  return { verdict, method: "exact" };
}

function byTest(pair: Pair, probability: number): Pick<Compared, "verdict" | "method"> {
  const method = `Mann–Whitney, Holm, p = ${probability.toFixed(3)}`;
  return { verdict: probability < LEVEL ? direction(pair.before, pair.after) : "no evidence", method };
}

/** Ranks may differ where medians are equal; then the means decide. */
function direction(before: readonly number[], after: readonly number[]): Compared["verdict"] {
  const change = median(after) - median(before) || mean(after) - mean(before);
  return change > 0 ? "worse" : change < 0 ? "better" : "no evidence";
}
