// Ratios of measured values, and figures of rounds of which some may have no number.
import { type Figure, quantile, type ScenarioContext } from "fiel";

/** Node's timers fire at whole milliseconds, so shorter latencies do not differ measurably. */
export const LATENCY_RESOLUTION_MS = 1;

/**
 * How many times `baseline` a value is. What is below the resolution counts as the resolution: a ratio of two such values
 * would be noise, or infinite.
 */
export function timesBaseline(value: number, baseline: number, resolution: number): number {
  return Math.max(value, resolution) / Math.max(baseline, resolution);
}

/** Latencies of one round in milliseconds. */
interface LatencyRound {
  values: readonly number[];
  baseline: readonly number[];
}

/**
 * The p99 of all rounds as a multiple of their baseline's: once for each round left out, so that no single round decides.
 * A ratio for each round would be noise, because a p99 needs hundreds of values.
 */
export function p99TimesBaseline(rounds: readonly LatencyRound[]): number[] {
  const ratioOf = (kept: readonly LatencyRound[]) =>
    timesBaseline(
      quantile(
        kept.flatMap(({ values }) => values),
        0.99,
      ),
      quantile(
        kept.flatMap(({ baseline }) => baseline),
        0.99,
      ),
      LATENCY_RESOLUTION_MS,
    );
  if (rounds.length < 2) return [ratioOf(rounds)];
  return rounds.map((_, omitted) => ratioOf(rounds.filter((_, number) => number !== omitted)));
}

/** Records the values that are numbers; a figure without any stays absent, and its check fails as "not measured". */
export function putFigure(context: Pick<ScenarioContext, "figure">, figure: Figure): void {
  const values = figure.values.filter(Number.isFinite);
  if (values.length > 0) context.figure({ ...figure, values });
}
