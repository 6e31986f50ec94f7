// Each latency with the moment when it became known, to follow latencies over time.
import type { TimedCommand } from "./latencies.ts";

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
