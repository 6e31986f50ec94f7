// The log of a recording, in psrecord's two formats and with its columns, and after them the bytes of all TCP sockets
// until then. 1 MB is 1,000,000 bytes; psrecord's is 1,048,576. Pure.
import type { MeasuredSocket, ProcessSample, RunResult } from "../result/result.ts";
import type { ByteTotals } from "../witness/witness.ts";

export const LOG_FORMATS = ["plain", "csv"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LogOptions {
  format: LogFormat;
  /** With psrecord's columns of reads and writes. */
  includeIo: boolean;
}

const COLUMNS = {
  csv: {
    usage: ["elapsed_time", "nproc", "cpu", "mem_real", "mem_virtual"],
    io: ["read_count", "write_count", "read_bytes", "write_bytes"],
    sockets: ["bytes_sent", "bytes_received"],
  },
  plain: {
    usage: ["Elapsed time", "CPU (%)", "Real (MB)", "Virtual (MB)"],
    io: ["Read count", "Write count", "Read bytes", "Write bytes"],
    sockets: ["Sent (B)", "Received (B)"],
  },
};
const UNKNOWN = { csv: "", plain: "-" };

export function logHeading({ format, includeIo }: LogOptions): string {
  const { usage, io, sockets } = COLUMNS[format];
  return line([...usage, ...(includeIo ? io : []), ...sockets], format, "# ");
}

export function logRow(
  sample: ProcessSample,
  { bytesWritten, bytesRead }: ByteTotals,
  { format, includeIo }: LogOptions,
): string {
  const { timeMs, processCount, cpuPercent, rssBytes, virtualBytes = 0, io } = sample;
  const [time, ...usage] = [timeMs / 1_000, cpuPercent, rssBytes / 1e6, virtualBytes / 1e6].map(threePlaces);
  const counts = [io?.readCount, io?.writeCount, io?.readBytes, io?.writeBytes];
  const cells = [
    time,
    ...(format === "csv" ? [processCount] : []),
    ...usage,
    ...(includeIo ? counts : []),
    bytesWritten,
    bytesRead,
  ].map((cell) => String(cell ?? UNKNOWN[format]));
  return line(cells, format, "  ");
}

/** The whole log, of a recording that is over. */
export function psrecordLog({ processes, sockets }: RunResult, options: LogOptions): string {
  const rows = (processes[0]?.samples ?? []).map((sample) => {
    const until = (counter: keyof ByteTotals) => bytesUntil(sockets, sample.timeMs, counter);
    return logRow(sample, { bytesWritten: until("bytesWritten"), bytesRead: until("bytesRead") }, options);
  });
  return [logHeading(options), ...rows].join("");
}

function line(cells: readonly string[], format: LogFormat, margin: string): string {
  if (format === "csv") return `${cells.join(",")}\n`;
  return `${margin}${cells.map((cell) => cell.padStart(12)).join(" ")}\n`;
}

function bytesUntil(sockets: MeasuredSocket[], timeMs: number, counter: keyof ByteTotals): number {
  return sockets.reduce(
    (sum, { samples }) => sum + (samples.findLast((sample) => sample.timeMs <= timeMs)?.[counter] ?? 0),
    0,
  );
}

function threePlaces(value: number): string {
  return value.toFixed(3);
}
