// Numbers as people read them: round maxima for axes, intervals for bars, and units beside figures.
// kB and MB are powers of 1000.

const roundSteps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** An axis from 0 of so many equal, round steps that holds the value; two of them can share their grid lines. */
export function axisFor(value: number, steps: number): { max: number; step: number } {
  const least = value > 0 ? value / steps : 1 / steps;
  const power = 10 ** Math.floor(Math.log10(least));
  const round = roundSteps.find((candidate) => candidate * power >= least * (1 - 1e-9)) ?? 10;
  const step = Number((round * power).toPrecision(6));
  return { max: Number((step * steps).toPrecision(6)), step };
}

const intervalsMs = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000];

/** The finest interval that gives no more bars than can be told apart. */
export function intervalFor(durationMs: number, mostBars = 200): number {
  return intervalsMs.find((intervalMs) => durationMs / intervalMs <= mostBars) ?? intervalsMs.at(-1)!;
}

export function formatInterval(intervalMs: number): string {
  if (intervalMs < 1_000) return `${intervalMs} ms`;
  if (intervalMs < 60_000) return `${intervalMs / 1_000} s`;
  return `${intervalMs / 60_000} min`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [size, unit] =
    bytes < 999_950 ? [bytes / 1e3, "kB"] : bytes < 999_950_000 ? [bytes / 1e6, "MB"] : [bytes / 1e9, "GB"];
  return `${size.toFixed(size < 100 ? 1 : 0)} ${unit}`;
}

export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

export function formatMegabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

export function formatPercent(percent: number): string {
  return `${percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

export function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function maximum(values: number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0);
}
