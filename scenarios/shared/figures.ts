// Ratios of measured values, and figures of rounds of which some may have no number.
import type { Figure, ScenarioContext } from "fiel";

/** Node's timers fire at whole milliseconds, so shorter latencies do not differ measurably. */
export const LATENCY_RESOLUTION_MS = 1;

/**
 * How many times `baseline` a value is. What is below the resolution counts as the resolution: a ratio of two such values
 * would be noise, or infinite.
 */
export function timesBaseline(value: number, baseline: number, resolution: number): number {
  return Math.max(value, resolution) / Math.max(baseline, resolution);
}

/** Records the values that are numbers; a figure without any stays absent, and its check fails as "not measured". */
export function putFigure(context: Pick<ScenarioContext, "figure">, figure: Figure): void {
  const values = figure.values.filter(Number.isFinite);
  if (values.length > 0) context.figure({ ...figure, values });
}
