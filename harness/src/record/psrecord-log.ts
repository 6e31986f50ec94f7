// The log of a recording, in psrecord's two formats and with its columns, and after them the bytes of all TCP sockets
// until then. 1 MB is 1,000,000 bytes; psrecord's is 1,048,576. Pure.
import type { MeasuredSocket, RunResult } from "../result/result.ts";

export const LOG_FORMATS = ["plain", "csv"] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

const HEADINGS = {
  csv: "elapsed_time,nproc,cpu,mem_real,mem_virtual,bytes_sent,bytes_received",
  plain: `# ${["Elapsed time", "CPU (%)", "Real (MB)", "Virtual (MB)", "Sent (B)", "Received (B)"].map((heading) => heading.padStart(12)).join(" ")}`,
};

export function psrecordLog({ processes, sockets }: RunResult, format: LogFormat): string {
  const rows = (processes[0]?.samples ?? []).map((sample) => {
    const { timeMs, processCount, cpuPercent, rssBytes, virtualBytes = 0 } = sample;
    const figures = [timeMs / 1_000, cpuPercent, rssBytes / 1e6, virtualBytes / 1e6].map(threePlaces);
    const bytes = [bytesUntil(sockets, timeMs, "bytesWritten"), bytesUntil(sockets, timeMs, "bytesRead")];
    if (format === "csv") return [figures[0], processCount, ...figures.slice(1), ...bytes].join(",");
    return `  ${[...figures, ...bytes].map((cell) => String(cell).padStart(12)).join(" ")}`;
  });
  return [HEADINGS[format], ...rows].map((line) => `${line}\n`).join("");
}

function bytesUntil(
  sockets: MeasuredSocket[],
  timeMs: number,
  counter: "bytesWritten" | "bytesRead",
): number {
  return sockets.reduce(
    (sum, { samples }) => sum + (samples.findLast((sample) => sample.timeMs <= timeMs)?.[counter] ?? 0),
    0,
  );
}

function threePlaces(value: number): string {
  return value.toFixed(3);
}
