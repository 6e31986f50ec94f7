// Holm's correction (1979) for many tests at once: it keeps the probability of any false alarm among all tests at or
// below the level of a single test. Pure.

/** The corrected probabilities, in the order of the given ones. */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, index) => index);
  order.sort((one, other) => probabilities[one]! - probabilities[other]!);
  const corrected = new Array<number>(probabilities.length);
  let largest = 0;
  for (const [rank, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, probabilities[index]! * (probabilities.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
