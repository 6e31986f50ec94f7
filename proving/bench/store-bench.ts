// How many operations a store handles per second with a given number under way.
import { percentile } from "../../src/bots/latencies.ts";
import type { Bytes } from "../load/socket-bytes.ts";
import type { Operation } from "./store-operations.ts";

export interface Measured {
  readonly operation: string;
  readonly atOnce: number;
  readonly count: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of this process for each operation. */
  readonly cpuMs: number;
  /** Bytes to the database and back, for each operation. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

export interface Extent {
  readonly atOnce: number;
  readonly durationMs: number;
  readonly firstNumber: number;
}

export async function measure(
  operation: Operation,
  { atOnce, durationMs, firstNumber }: Extent,
  bytes: () => Bytes,
): Promise<Measured> {
  const latenciesMs: number[] = [];
  const end = operation.left?.() ?? Number.POSITIVE_INFINITY;
  let next = firstNumber;
  const before = bytes();
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  const askOn = async () => {
    while (performance.now() - startMs < durationMs && next < end) {
      const askedMs = performance.now();
      await operation.run(next++);
      latenciesMs.push(performance.now() - askedMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, askOn));
  const tookMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const after = bytes();
  latenciesMs.sort((one, other) => one - other);
  const count = latenciesMs.length;
  return {
    operation: operation.name,
    atOnce,
    count,
    perSecond: count / (tookMs / 1_000),
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    cpuMs: (user + system) / 1_000 / count,
    sentBytes: (after.sent - before.sent) / count,
    receivedBytes: (after.received - before.received) / count,
  };
}

export const heading =
  "each                 at once       /s   p50 ms   p99 ms   CPU ms  bytes to  bytes from";

export function rowOf(measured: Measured): string {
  const { operation, atOnce, perSecond, p50Ms, p99Ms, cpuMs, sentBytes, receivedBytes } = measured;
  return [
    operation.padEnd(20),
    String(atOnce).padStart(7),
    perSecond.toFixed(0).padStart(8),
    p50Ms.toFixed(2).padStart(8),
    p99Ms.toFixed(2).padStart(8),
    cpuMs.toFixed(3).padStart(8),
    sentBytes.toFixed(0).padStart(9),
    receivedBytes.toFixed(0).padStart(11),
  ].join(" ");
}
