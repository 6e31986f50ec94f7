// Puts samples that were taken at about the same time on one grid of times, no finer than a screen can show.
// Pure.
import { maximum, mean } from "../statistics/totals.ts";

export interface GridSample {
  timeMs: number;
  value: number;
}

/** How values that share a place on the grid become one. */
export type Joining = "mean" | "most";

/** A missed tick is filled in; a longer gap stays a gap. */
const MOST_FILLED = 3;

export class TimeGrid {
  readonly #stepMs: number;
  readonly #count: number;

  constructor(durationMs: number, intervalMs: number, mostTimes: number) {
    this.#stepMs = intervalMs * Math.max(1, Math.ceil(durationMs / intervalMs / mostTimes));
    this.#count = Math.ceil(durationMs / this.#stepMs) + 1;
  }

  get timesS(): number[] {
    return Array.from({ length: this.#count }, (_, index) =>
      Number(((index * this.#stepMs) / 1_000).toFixed(3)),
    );
  }

  place(samples: readonly GridSample[], joining: Joining): (number | null)[] {
    const groups = new Array<number[] | undefined>(this.#count);
    for (const { timeMs, value } of samples) {
      const index = Math.min(Math.round(timeMs / this.#stepMs), this.#count - 1);
      groups[index] ??= [];
      groups[index].push(value);
    }
    const values = Array.from(groups, (group) => (group ? join(group, joining) : null));
    return filled(values);
  }
}

function join(values: number[], joining: Joining): number {
  return joining === "most" ? maximum(values) : mean(values);
}

/** A sample covers the time since the one before it, so a gap takes the value after it. */
function filled(values: (number | null)[]): (number | null)[] {
  let last = -1;
  const result = [...values];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    if (last >= 0 && index - last <= MOST_FILLED + 1) result.fill(value, last + 1, index);
    last = index;
  }
  return result;
}
