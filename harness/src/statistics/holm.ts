// Holm's correction (1979) for many tests at once: with it the chance of even one false alarm among all of them stays
// below the level that one test alone would have. Pure.

/** The corrected probabilities, in the order of those given. */
export function holm(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, index) => index);
  order.sort((one, other) => probabilities[one]! - probabilities[other]!);
  const corrected = new Array<number>(probabilities.length);
  let largest = 0;
  for (const [place, index] of order.entries()) {
    largest = Math.max(largest, Math.min(1, probabilities[index]! * (probabilities.length - place)));
    corrected[index] = largest;
  }
  return corrected;
}
