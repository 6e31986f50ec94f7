// How long each command took: every value is kept, so the percentiles are exact.

/** In the order in which they are shown. */
export const timedCommands = [
  "connect",
  "adduser",
  "login",
  "list",
  "leaders",
  "begin",
  "first move",
  "move",
  "result",
  "come back",
  "heartbeat",
] as const;
export type TimedCommand = (typeof timedCommands)[number];

export type OnLatency = (command: TimedCommand, latencyMs: number) => void;

export interface LatencySummary {
  count: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
}

export class Latencies {
  readonly #valuesMs = new Map<TimedCommand, number[]>();
  readonly #onAdd: OnLatency;

  constructor(onAdd: OnLatency = () => {}) {
    this.#onAdd = onAdd;
  }

  add(command: TimedCommand, latencyMs: number): void {
    this.#onAdd(command, latencyMs);
    const values = this.#valuesMs.get(command);
    if (values) values.push(latencyMs);
    else this.#valuesMs.set(command, [latencyMs]);
  }

  /** Only of commands that were sent. */
  summaries(): Partial<Record<TimedCommand, LatencySummary>> {
    const summaries: Partial<Record<TimedCommand, LatencySummary>> = {};
    for (const command of timedCommands) {
      const values = this.#valuesMs.get(command);
      if (values) summaries[command] = summaryOf(values);
    }
    return summaries;
  }
}

/** Each latency with the moment when it became known, to follow latencies over time. */
export class LatencyLog {
  readonly #rows: string[] = [];

  add(command: TimedCommand, latencyMs: number): void {
    const atMs = performance.timeOrigin + performance.now();
    this.#rows.push(`${atMs.toFixed(3)},${command},${latencyMs.toFixed(3)}`);
  }

  /** As CSV, the moments in milliseconds since 1970. */
  get text(): string {
    return ["atMs,command,latencyMs", ...this.#rows, ""].join("\n");
  }
}

function summaryOf(valuesMs: readonly number[]): LatencySummary {
  const sorted = Float64Array.from(valuesMs).sort();
  const at = (share: number) => rounded(percentile(sorted, share));
  return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}

/** The smallest value that at least `share` of all do not exceed (nearest rank); NaN of none. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[rank - 1] ?? Number.NaN;
}

/** Rounded to microseconds, the precision of the clock. */
function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
