// Medians, quantiles, and the confidence interval of a median. Pure.

export function median(values: readonly number[]): number {
  const inOrder = values.toSorted((one, other) => one - other);
  const middle = inOrder.length / 2;
  if (inOrder.length === 0) return Number.NaN;
  return Number.isInteger(middle)
    ? (inOrder[middle - 1]! + inOrder[middle]!) / 2
    : inOrder[Math.floor(middle)]!;
}

/** The lowest value that this share of the values does not exceed (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const inOrder = values.toSorted((one, other) => one - other);
  return inOrder[Math.max(0, Math.ceil(share * inOrder.length) - 1)] ?? Number.NaN;
}

export interface Interval {
  low: number;
  high: number;
  /** The probability that the true median lies inside, for any distribution; below 0.95 with fewer than six values. */
  confidence: number;
}

/**
 * The narrowest symmetric pair of ranks that contains the true median with the wanted probability. The median lies
 * between the k-th lowest and the k-th highest value unless fewer than k of n fair coins show heads, or tails.
 */
export function medianInterval(values: readonly number[], wanted = 0.95): Interval {
  const inOrder = values.toSorted((one, other) => one - other);
  const count = inOrder.length;
  let rank = 1;
  while (rank < count / 2 && 1 - 2 * fairCoinsBelow(rank + 1, count) >= wanted) rank += 1;
  return {
    low: inOrder[rank - 1] ?? Number.NaN,
    high: inOrder[count - rank] ?? Number.NaN,
    confidence: Math.max(0, 1 - 2 * fairCoinsBelow(rank, count)),
  };
}

/** The probability that fewer than `limit` of the coins show heads. */
function fairCoinsBelow(limit: number, coins: number): number {
  // As a logarithm, because the probability for a thousand coins is too small for a number.
  let log = coins * Math.log(0.5);
  let sum = 0;
  for (let heads = 0; heads < limit; heads++) {
    sum += Math.exp(log);
    log += Math.log((coins - heads) / (heads + 1));
  }
  return sum;
}
