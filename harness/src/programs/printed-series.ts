// Values that programs print, kept as series over time.
import type { ValueSeries } from "../result/result.ts";
import type { SeriesPattern } from "../scenario/scenario.ts";

export class PrintedSeries {
  readonly #series = new Map<string, ValueSeries>();

  take(processId: string, timeMs: number, line: string, patterns: readonly SeriesPattern[]): void {
    for (const { match, name, label, unit } of patterns) {
      const value = Number(line.match(match)?.[1] ?? Number.NaN);
      if (!Number.isFinite(value)) continue;
      const key = JSON.stringify([name, processId]);
      const series = this.#series.get(key) ?? { name, label, unit, processId, points: [] };
      series.points.push({ timeMs, value });
      this.#series.set(key, series);
    }
  }

  all(): ValueSeries[] {
    return [...this.#series.values()];
  }
}
