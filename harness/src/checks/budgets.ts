// Budgets: a change that costs more fails. Bytes are compared exactly. CPU and latency are judged by evidence: a budget
// fails only if the whole 95 % interval of the median lies above it, so that one slow moment of a busy machine does not
// fail it. They are not judged if an instrument slowed the programs. Memory has a plain limit, in outcome.ts.
import { payloadByType } from "../ledger/payload-by-type.ts";
import { byteIncrements } from "../result/byte-series.ts";
import type { RunEvent, RunResult, Verdict } from "../result/result.ts";
import type { Check } from "../scenario/scenario.ts";
import { type Interval, median, medianInterval } from "../statistics/quantiles.ts";
import { sum } from "../statistics/totals.ts";
import { rounded } from "../text/quantities.ts";

/** All bytes on the wire of the flow, in both directions. Several amounts are allowed if a run can take several courses. */
export function exactBytes(flow: string, ...allowed: number[]): Check {
  return (result) => {
    const bytes = sum(
      byteIncrements(result)
        .filter((increment) => increment.flow === flow)
        .map((increment) => increment.bytes),
    );
    return {
      name: `bytes of flow ${flow}`,
      passed: allowed.includes(bytes),
      value: bytes,
      limit: allowed.length === 1 ? allowed[0]! : allowed.join(" or "),
      unit: "bytes",
      advice:
        "Find the flow's connections in summary.md and the message that changed. If the change is intended, change the limit; otherwise fix the message.",
    };
  };
}

/** The bytes of all messages of the type, separators included, in one flow or in all. */
export function exactPayload(type: string, bytes: number, flow?: string): Check {
  return payloadCheck(type, flow, { limit: bytes, unit: "bytes", of: (sums) => sums.bytes });
}

/** The mean bytes of the messages, if there are any: for messages whose number depends on the duration of the run. */
export function exactPayloadEach(type: string, bytes: number, flow?: string): Check {
  return payloadCheck(type, flow, {
    limit: bytes,
    unit: "bytes each",
    of: (sums) => (sums.count === 0 ? bytes : sums.bytes / sums.count),
  });
}

interface PayloadLimit {
  limit: number;
  unit: string;
  of(sums: { count: number; bytes: number }): number;
}

function payloadCheck(type: string, flow: string | undefined, { limit, unit, of }: PayloadLimit): Check {
  return (result) => {
    const seen = payloadByType(result.sockets).filter(
      (row) => row.type === type && (flow === undefined || row.flow === flow),
    );
    const count = sum(seen.map((row) => row.count));
    const value = of({ count, bytes: sum(seen.map((row) => row.bytes)) });
    return {
      name: `payload of ${type}${flow ? ` in flow ${flow}` : ""}`,
      passed: value === limit,
      value: count === 0 ? "no such message" : rounded(value),
      limit,
      unit,
      advice:
        "Look at the message: which field changed its length? If the change is intended, change the limit; otherwise fix the message.",
    };
  };
}

/** The rate of one flow, or of all flows together, over the whole phase. */
export function bytesPerSecondBelow(limit: number, phase: string, flow?: string): Check {
  return (result) => {
    const spans = result.phases.filter(({ name }) => name === phase);
    const seconds = sum(spans.map(({ startMs, endMs }) => endMs - startMs)) / 1_000;
    const bytes = byteIncrements(result)
      .filter((increment) => flow === undefined || increment.flow === flow)
      .filter(({ timeMs }) => spans.some(({ startMs, endMs }) => startMs <= timeMs && timeMs <= endMs))
      .map((increment) => increment.bytes);
    const rate = seconds > 0 ? sum(bytes) / seconds : 0;
    return {
      name: `bytes per second${flow ? ` of flow ${flow}` : ""} in phase ${phase}`,
      passed: seconds > 0 && rate < limit,
      value: rounded(rate),
      limit,
      unit: "B/s",
      advice: "See in network.png which flow sends too much.",
    };
  };
}

export function idleBytesPerSecondBelow(limit: number): Check {
  return bytesPerSecondBelow(limit, "idle");
}

/** The median over the samples of the process, children included, in the whole run or in one phase. */
export function cpuBelow(processId: string, limitPercent: number, phase?: string): Check {
  return (result) => {
    const percents = (result.processes.find(({ id }) => id === processId)?.samples ?? [])
      .filter(({ timeMs }) => phase === undefined || isIn(result, phase, timeMs))
      .map(({ cpuPercent }) => cpuPercent);
    return byEvidence(result, percents, {
      name: `CPU of ${processId}, median${phase ? ` in phase ${phase}` : ""}`,
      limit: limitPercent,
      unit: "% of a core",
      advice: "Run with --cpu-prof and open the profile: the widest functions use the CPU.",
    });
  };
}

/** The median time from one event to the next event `to` of the same process. */
export function latencyBelow(from: string, to: string, limitMs: number): Check {
  return (result) =>
    byEvidence(result, timesBetween(result.events, from, to), {
      name: `from ${from} to ${to}, median`,
      limit: limitMs,
      unit: "ms",
      advice: "See in the charts whether the processes work or wait for each other between the two events.",
    });
}

interface Budget extends Omit<Verdict, "passed" | "value"> {
  limit: number;
}

function byEvidence({ instruments }: RunResult, values: number[], budget: Budget): Verdict {
  if (values.length === 0) return { ...budget, passed: false, value: "nothing was measured" };
  const isTiming = true;
  const interval = medianInterval(values);
  const value = withInterval(median(values), interval);
  if (instruments)
    return {
      ...budget,
      isTiming,
      passed: true,
      value,
      limit: `${budget.limit}, without ${instruments.join(" and ")}`,
    };
  return { ...budget, isTiming, passed: interval.low < budget.limit, value };
}

function withInterval(middle: number, { low, high }: Interval): string {
  return `${rounded(middle)} (${rounded(low)} to ${rounded(high)})`;
}

function timesBetween(events: readonly RunEvent[], from: string, to: string): number[] {
  const since = new Map<string, number>();
  const times: number[] = [];
  for (const { name, processId, timeMs } of events) {
    const start = since.get(processId);
    if (name === to && start !== undefined) {
      times.push(timeMs - start);
      since.delete(processId);
    }
    if (name === from) since.set(processId, timeMs);
  }
  return times;
}

function isIn(result: RunResult, phase: string, timeMs: number): boolean {
  return result.phases.some(
    ({ name, startMs, endMs }) => name === phase && startMs <= timeMs && timeMs <= endMs,
  );
}
