// How often something happened recently, by key, in bounded memory: the counter behind every limit per minute.
import type { Clock } from "../shared/clock/clock.ts";

/** Further events are not counted. */
const MAX_TIMES = 100;

interface Recent {
  timesMs: number[];
  underWay: number;
}

export class RecentEvents {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #windowMs: number;
  readonly #maxKeys: number;
  /** In the order in which they were last touched. */
  readonly #byKey = new Map<string, Recent>();

  constructor(clock: Pick<Clock, "nowMs">, windowMs: number, maxKeys: number) {
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#maxKeys = maxKeys;
  }

  count(key: string): number {
    return this.#recent(key)?.timesMs.length ?? 0;
  }

  lastMs(key: string): number | null {
    return this.#recent(key)?.timesMs.at(-1) ?? null;
  }

  /** How long to wait until one more event is within `limit` per window. */
  waitMs(key: string, limit: number): number {
    const recent = this.#recent(key);
    if (!recent || recent.timesMs.length + recent.underWay < limit) return 0;
    const oldestThatCounts = recent.timesMs.at(-limit);
    // Events that have started may still turn out not to count.
    return oldestThatCounts === undefined ? 1_000 : oldestThatCounts + this.#windowMs - this.#clock.nowMs();
  }

  start(key: string): (counts: boolean) => void {
    const recent = this.#recent(key) ?? { timesMs: [], underWay: 0 };
    this.#byKey.delete(key);
    this.#byKey.set(key, recent);
    if (this.#byKey.size > this.#maxKeys) this.#byKey.delete(this.#byKey.keys().next().value as string);
    recent.underWay++;
    return (counts) => {
      recent.underWay--;
      if (counts) recent.timesMs.push(this.#clock.nowMs());
      if (recent.timesMs.length > MAX_TIMES) recent.timesMs.shift();
      const isEmpty = recent.underWay === 0 && recent.timesMs.length === 0;
      if (isEmpty && this.#byKey.get(key) === recent) this.#byKey.delete(key);
    };
  }

  #recent(key: string): Recent | null {
    const recent = this.#byKey.get(key);
    if (!recent) return null;
    const nowMs = this.#clock.nowMs();
    // When the clock is set back, events that now lie in the future no longer count.
    recent.timesMs = recent.timesMs.filter((timeMs) => timeMs > nowMs - this.#windowMs && timeMs <= nowMs);
    if (recent.timesMs.length > 0 || recent.underWay > 0) return recent;
    this.#byKey.delete(key);
    return null;
  }
}
