// The figures of a run that are compared. Less is better for every figure. Pure.
import { payloadByType } from "../ledger/payload-by-type.ts";
import { byteIncrements, flowsOf } from "../result/byte-series.ts";
import type { MeasuredProcess, RunResult } from "../result/result.ts";
import { maximum, mean, sum } from "../statistics/totals.ts";

export interface Figure {
  /** The same in every run of a scenario. */
  name: string;
  unit: string;
  /** Repeatable, as bytes are: if it never varies, a difference of one is significant. */
  isCount: boolean;
  value: number;
}

export function figuresOf(result: RunResult): Figure[] {
  return [...result.processes.flatMap(processFigures), ...flowFigures(result), ...messageFigures(result)];
}

function processFigures({ id, samples }: MeasuredProcess): Figure[] {
  if (samples.length === 0) return [];
  const cpu = mean(samples.map(({ cpuPercent }) => cpuPercent));
  const memory = maximum(samples.map(({ rssBytes }) => rssBytes)) / 1e6;
  return [
    { name: `CPU of ${id}, mean`, unit: "%", isCount: false, value: cpu },
    { name: `memory of ${id}, maximum`, unit: "MB", isCount: false, value: memory },
  ];
}

function flowFigures(result: RunResult): Figure[] {
  const increments = byteIncrements(result);
  return flowsOf(result).flatMap(({ name }): Figure[] => {
    const bytes = sum(increments.filter(({ flow }) => flow === name).map((each) => each.bytes));
    const connections = result.connections.filter(({ flow }) => flow === name).length;
    return [
      { name: `bytes of ${name}`, unit: "B", isCount: true, value: bytes },
      { name: `connections of ${name}`, unit: "", isCount: true, value: connections },
    ];
  });
}

/** Per message, not in total: the number of pings depends on the duration, but the length of a ping does not. */
function messageFigures({ sockets }: RunResult): Figure[] {
  return payloadByType(sockets).map(({ flow, type, count, bytes }) => ({
    name: `each ${type} of ${flow}`,
    unit: "B",
    isCount: true,
    value: bytes / count,
  }));
}
