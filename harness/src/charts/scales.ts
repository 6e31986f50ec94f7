// Round maxima for axes and intervals for bars. Pure.

const roundSteps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** An axis from 0 to at least the value in `steps` equal, round steps, so that two axes can share grid lines. */
export function axisFor(value: number, steps: number): { max: number; step: number } {
  const least = value > 0 ? value / steps : 1 / steps;
  const power = 10 ** Math.floor(Math.log10(least));
  const round = roundSteps.find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  const step = Number((round * power).toPrecision(6));
  return { max: Number((step * steps).toPrecision(6)), step };
}

const intervalsMs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000];

/** The finest interval that gives at most `maxBars` bars. */
export function intervalFor(durationMs: number, maxBars = 200): number {
  return intervalsMs.find((intervalMs) => durationMs / intervalMs <= maxBars) ?? intervalsMs.at(-1)!;
}
