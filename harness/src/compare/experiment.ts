// Measures how far a comparison can be trusted: it splits recorded runs of one program randomly into two sides, which do
// not differ, many times, and repeats this after increasing the figures of one side by a known amount. Pure.
import { seededRandom } from "../statistics/seeded-random.ts";
import { compareRepeats, hasDifference } from "./comparison.ts";
import type { Repeats, Series } from "./repeats.ts";

const MIN_RUNS = 6;
/** Makes the generators of neighbouring seeds start far apart. */
const SPREAD = 0x9e3779b9;
/** The known increase: for counts, and for all other figures. */
const ONE = 1;
const SHARES = [1.05, 1.1, 1.25];

export interface Experiment {
  scenario: string;
  runsPerSide: number;
  times: number;
  falseAlarms: number;
  /** For each count: the number of comparisons that detected one more. */
  oneMore: { name: string; caught: number }[];
  /** For each other figure: the number of comparisons that detected an increase by this factor. */
  factors: { name: string; factor: number; caught: number }[];
}

/** Null if there are too few runs. */
export function tryComparisons(repeats: Repeats, times: number, seed: number): Experiment | null {
  const runs = repeats.startedAt.length;
  if (runs < MIN_RUNS) return null;
  const splits = Array.from({ length: times }, (_, index) =>
    split(repeats, seededRandom(((seed + index) * SPREAD) | 0)),
  );
  const caught = (change: (after: Repeats) => Repeats, name: string) =>
    splits.filter(([before, after]) => isWorse(before, change(after), name)).length;
  const { figures } = repeats;
  return {
    scenario: repeats.scenario,
    runsPerSide: Math.floor(runs / 2),
    times,
    falseAlarms: splits.filter(([before, after]) => hasDifference(compareRepeats(before, after))).length,
    oneMore: figures
      .filter(({ isCount }) => isCount)
      .map(({ name }) => ({
        name,
        caught: caught((after) => changed(after, name, (value) => value + ONE), name),
      })),
    factors: figures
      .filter(({ isCount }) => !isCount)
      .flatMap(({ name }) =>
        SHARES.map((factor) => ({
          name,
          factor,
          caught: caught((after) => changed(after, name, (value) => value * factor), name),
        })),
      ),
  };
}

export function experimentText({ scenario, runsPerSide, times, falseAlarms, ...rest }: Experiment): string {
  const share = (count: number) => `${count} of ${times} (${((100 * count) / times).toFixed(1)} %)`;
  return [
    `${times} comparisons of ${runsPerSide} with ${runsPerSide} runs of ${scenario}, split randomly from recorded runs`,
    `  nothing changed:                 ${share(falseAlarms)} gave a false alarm in any figure`,
    ...rest.oneMore.map(({ name, caught }) => `  one more in ${name.padEnd(29)} ${share(caught)} caught`),
    ...rest.factors.map(({ name, factor, caught }) => {
      const change = `${name} +${Math.round((factor - 1) * 100)} %`;
      return `  ${change.padEnd(40)} ${share(caught)} caught`;
    }),
  ].join("\n");
}

function isWorse(before: Repeats, after: Repeats, name: string): boolean {
  return compareRepeats(before, after).some((each) => each.name === name && each.verdict === "worse");
}

function changed(repeats: Repeats, name: string, change: (value: number) => number): Repeats {
  const withChange = (figure: Series) =>
    figure.name === name ? { ...figure, values: figure.values.map(change) } : figure;
  return { ...repeats, figures: repeats.figures.map(withChange) };
}

function split(repeats: Repeats, random: () => number): [Repeats, Repeats] {
  const order = repeats.startedAt.map((_, run) => ({ run, place: random() }));
  order.sort((one, other) => one.place - other.place);
  const half = Math.floor(order.length / 2);
  const side = (from: number) => {
    const runs = order.slice(from, from + half).map(({ run }) => run);
    const taken = <T>(values: readonly T[]) => runs.map((run) => values[run]!);
    return {
      ...repeats,
      startedAt: taken(repeats.startedAt),
      figures: repeats.figures.map((figure) => ({ ...figure, values: taken(figure.values) })),
    };
  };
  return [side(0), side(half)];
}
