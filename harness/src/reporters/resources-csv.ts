// resources.csv: one row for each reading of a process's resources besides CPU and memory. Counters are totals since the
// process started; the cell of an unknown value is empty.
import type { MeasuredProcess, ResourceSample, RunResult } from "../result/result.ts";
import { csvText } from "../text/csv.ts";

type Column = Exclude<keyof ResourceSample, "timeMs">;

const COLUMNS: Record<Column, string> = {
  threads: "threads",
  openFiles: "open_files",
  voluntarySwitches: "voluntary_switches",
  involuntarySwitches: "involuntary_switches",
  minorFaults: "minor_faults",
  majorFaults: "major_faults",
  diskReadBytes: "disk_read_bytes",
  diskWrittenBytes: "disk_written_bytes",
  pssBytes: "pss_bytes",
};
const columns = Object.keys(COLUMNS) as Column[];

/** Null where nothing was read. */
export function resourcesCsv({ processes }: RunResult): string | null {
  const rows = processes.flatMap(rowsOf);
  if (rows.length === 0) return null;
  return csvText([["time_s", "process", ...Object.values(COLUMNS)], ...rows]);
}

function rowsOf({ id, resources = [] }: MeasuredProcess): (number | string)[][] {
  return resources.map((sample) => [
    sample.timeMs / 1_000,
    id,
    ...columns.map((column) => sample[column] ?? ""),
  ]);
}
