// Straight lines through points by least squares, and exponents of growth. Pure.
import { mean, sum } from "./totals.ts";

export interface Point {
  x: number;
  y: number;
}

/** The growth of y when x grows by 1. */
export function slope(points: readonly Point[]): number {
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))];
  const products = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  const squares = sum(points.map(({ x }) => (x - meanX) ** 2));
  return products / squares;
}

/** The power of x with which y grows: 0 if y is constant, 1 if y grows linearly. */
export function growthExponent(points: readonly Point[]): number {
  return slope(points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) })));
}

/** The growth exponents with each point left out once: growth must not depend on a single point. */
export function growthExponents(points: readonly Point[]): number[] {
  return points.map((_, omitted) => growthExponent(points.filter((__, index) => index !== omitted)));
}
