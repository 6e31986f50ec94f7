// samples.csv: one row for each moment at which a process was sampled, in wide form, so that a spreadsheet can plot the
// columns directly. Bytes and events are those since the previous row; each byte is counted once.
import { byteIncrements, flowsOf } from "../result/byte-series.ts";
import type { ProcessSample, RunResult } from "../result/result.ts";
import { maximum, sum } from "../statistics/totals.ts";
import { type CsvCell, csvText } from "../text/csv.ts";
import { printable } from "../text/printable.ts";

export function samplesCsv(result: RunResult): string {
  const flows = flowsOf(result).map((flow) => flow.name);
  const header: CsvCell[] = [
    "time_s",
    "phase",
    ...result.processes.flatMap(({ id }) => [`${id}_cpu_percent`, `${id}_memory_mb`, `${id}_process_count`]),
    ...flows.map((flow) => `${flow}_bytes`),
    "total_bytes",
    "events",
  ];
  const bytes = new TimeOrdered(byteIncrements(result));
  const events = new TimeOrdered(result.events.toSorted((a, b) => a.timeMs - b.timeMs));
  const samples = result.processes.map(
    ({ samples }) => new Map(samples.map((sample) => [sample.timeMs, sample])),
  );
  const rows = moments(result).map((timeMs): CsvCell[] => {
    const since = bytes.takeUntil(timeMs);
    const perFlow = flows.map((flow) =>
      sum(since.filter((part) => part.flow === flow).map((part) => part.bytes)),
    );
    const happened = events.takeUntil(timeMs).map((event) => printable(`${event.processId}: ${event.label}`));
    return [
      timeMs / 1_000,
      result.phases.find((phase) => phase.startMs <= timeMs && timeMs <= phase.endMs)?.name ?? "",
      ...samples.flatMap((ofProcess) => sampleCells(ofProcess.get(timeMs))),
      ...perFlow,
      sum(since.map((part) => part.bytes)),
      happened.join(" | "),
    ];
  });
  return csvText([header, ...rows]);
}

/** The times of the samples, and the end of the run, so that bytes and events after the last sample are included. */
function moments(result: RunResult): number[] {
  const sampled = result.processes.flatMap((measured) => measured.samples.map((sample) => sample.timeMs));
  const ends = [
    result.durationMs,
    ...result.events.map((event) => event.timeMs),
    ...result.sockets.map((socket) => socket.closedAtMs ?? 0),
  ];
  const last = maximum(ends);
  return [...new Set([...sampled, last])].sort((a, b) => a - b);
}

function sampleCells(sample: ProcessSample | undefined): CsvCell[] {
  return sample ? [sample.cpuPercent, sample.rssBytes / 1e6, sample.processCount] : ["", "", ""];
}

/** A list ordered by time that is read once from beginning to end. */
class TimeOrdered<Item extends { timeMs: number }> {
  readonly #items: readonly Item[];
  #next = 0;

  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  /** The items since the last call up to this time. */
  takeUntil(timeMs: number): Item[] {
    const from = this.#next;
    while (this.#next < this.#items.length && this.#items[this.#next]!.timeMs <= timeMs) this.#next += 1;
    return this.#items.slice(from, this.#next);
  }
}
