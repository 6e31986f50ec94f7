// The two-sided Mann–Whitney U test: the probability of a difference between two samples at least as large as this one
// if both come from the same distribution, whatever it is. Exact for small samples, ties included, by counting all ways
// to split the same values into two samples; for large samples the normal approximation, corrected for ties and
// continuity. (Mann and Whitney 1947; Conover, Practical Nonparametric Statistics, 1999.) Pure.
import { sum } from "./totals.ts";

/** There are 1.4e11 ways to split 20 and 20, counted in a table of about 30,000 sums. */
const MAX_FOR_EXACT = 20;

/** Returns the probability, between 0 and 1. */
export function mannWhitney(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 1;
  const ranks = ranksOf([...a, ...b]);
  const rankSum = sum(ranks.slice(0, a.length));
  const isSmall = a.length <= MAX_FOR_EXACT && b.length <= MAX_FOR_EXACT;
  return isSmall ? exact(ranks, a.length, rankSum) : approximate(ranks, a.length, rankSum);
}

/** Twice the rank of each value, so that the mean rank of a tie is a whole number. */
function ranksOf(values: readonly number[]): number[] {
  const inOrder = values.toSorted((one, other) => one - other);
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  for (const [index, value] of inOrder.entries()) {
    if (!first.has(value)) first.set(value, index + 1);
    last.set(value, index + 1);
  }
  return values.map((value) => first.get(value)! + last.get(value)!);
}

/** The share of all subsets of that size whose sum of ranks is at least as far from the expected sum. */
function exact(ranks: readonly number[], size: number, rankSum: number): number {
  // subsets[k].get(s): the number of subsets of k ranks whose sum is s.
  const subsets: Map<number, number>[] = [new Map([[0, 1]])];
  for (let k = 1; k <= size; k++) subsets.push(new Map());
  for (const rank of ranks) {
    for (let k = size; k >= 1; k--) {
      for (const [partial, ways] of subsets[k - 1]!) {
        subsets[k]!.set(partial + rank, (subsets[k]!.get(partial + rank) ?? 0) + ways);
      }
    }
  }
  const expected = size * (ranks.length + 1);
  const distance = Math.abs(rankSum - expected);
  const all = sum([...subsets[size]!.values()]);
  const asFar = sum(
    [...subsets[size]!].filter(([s]) => Math.abs(s - expected) >= distance).map(([, ways]) => ways),
  );
  return asFar / all;
}

function approximate(ranks: readonly number[], size: number, rankSum: number): number {
  const count = ranks.length;
  const other = count - size;
  const tied = new Map<number, number>();
  for (const rank of ranks) tied.set(rank, (tied.get(rank) ?? 0) + 1);
  const ties = sum([...tied.values()].map((times) => times ** 3 - times));
  const variance = ((size * other) / 12) * (count + 1 - ties / (count * (count - 1)));
  if (variance === 0) return 1;
  const distance = Math.abs(rankSum - size * (count + 1)) / 2;
  return Math.min(1, 2 * normalAbove(Math.max(0, distance - 0.5) / Math.sqrt(variance)));
}

/** The share of a normal distribution above z ≥ 0, to 1e-7 (Abramowitz and Stegun 26.2.17). */
function normalAbove(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z);
  const polynomial =
    t *
    (0.319_381_53 + t * (-0.356_563_782 + t * (1.781_477_937 + t * (-1.821_255_978 + t * 1.330_274_429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
