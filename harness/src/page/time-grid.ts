// Aligns samples that were taken at about the same time on one grid of times, no finer than a screen can show. Pure.
import { maximum, mean } from "../statistics/totals.ts";
import { rounded } from "../text/quantities.ts";

export interface GridSample {
  timeMs: number;
  value: number;
}

/** How values at the same grid time are combined. */
export type Aggregation = "mean" | "max";

/** A missed tick is filled in; a longer gap stays a gap. */
const MAX_FILLED = 3;

export class TimeGrid {
  readonly #stepMs: number;
  readonly #count: number;

  constructor(durationMs: number, intervalMs: number, maxTimes: number) {
    this.#stepMs = intervalMs * Math.max(1, Math.ceil(durationMs / intervalMs / maxTimes));
    this.#count = Math.ceil(durationMs / this.#stepMs) + 1;
  }

  get timesS(): number[] {
    return Array.from({ length: this.#count }, (_, index) => rounded((index * this.#stepMs) / 1_000, 3));
  }

  place(samples: readonly GridSample[], aggregation: Aggregation): (number | null)[] {
    const groups = new Array<number[] | undefined>(this.#count);
    for (const { timeMs, value } of samples) {
      const index = Math.min(Math.round(timeMs / this.#stepMs), this.#count - 1);
      groups[index] ??= [];
      groups[index].push(value);
    }
    const values = Array.from(groups, (group) => (group ? aggregated(group, aggregation) : null));
    return filled(values);
  }
}

function aggregated(values: number[], aggregation: Aggregation): number {
  return aggregation === "max" ? maximum(values) : mean(values);
}

/** A sample covers the time since the one before it, so a gap takes the value after it. */
function filled(values: (number | null)[]): (number | null)[] {
  let last = -1;
  const result = [...values];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (last >= 0 && index - last <= MAX_FILLED + 1) result.fill(value, last + 1, index);
    last = index;
  }
  return result;
}
