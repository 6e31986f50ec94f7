// `fiel record`: what psrecord does, with its options. All that we say goes to standard error; standard output is
// the program's, and the log's when no file is asked for.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { typingDirectory } from "../project/typing-directory.ts";
import { saveReport, whyNotReportInto } from "../reporters/report-folder.ts";
import { whyNoFile } from "../reporters/whether-writable.ts";
import type { RunResult } from "../result/result.ts";
import type { SamplerName } from "../samplers/choose-sampler.ts";
import { maximum, mean } from "../statistics/totals.ts";
import { warningLines } from "../terminal/closing-words.ts";
import { formatBytes, formatMegabytes, formatPercent } from "../text/quantities.ts";
import { alignColumns } from "../text/text-table.ts";
import { commandWords } from "./command-words.ts";
import { type LogFormat, psrecordLog } from "./psrecord-log.ts";
import { record } from "./recording.ts";

export interface RecordOptions {
  log?: string;
  logFormat?: LogFormat;
  plot?: string;
  out?: string;
  /** Seconds. */
  duration?: number;
  /** Seconds. */
  interval: number;
  includeChildren: boolean;
  probe: boolean;
  sampler: SamplerName;
}

const BAD_USAGE = 2;
const MOST_SOCKETS = 12;

/** Returns the exit code of the program. */
export async function recordCommand(target: string, options: RecordOptions): Promise<number> {
  const directory = typingDirectory();
  const out = options.out && resolve(directory, options.out);
  const files = [options.log, options.plot].flatMap((file) => (file ? [resolve(directory, file)] : []));
  const objections = [out && (await whyNotReportInto(out))];
  for (const file of files) objections.push(await whyNoFile(file));
  const objection = objections.find(Boolean);
  if (objection) return tell(objection, BAD_USAGE);
  const recording = await record({
    target,
    directory,
    intervalMs: options.interval * 1_000,
    sampler: options.sampler,
    includeChildren: options.includeChildren,
    isProbed: options.probe,
    progress: { now() {} },
    durationMs: (options.duration ?? Number.POSITIVE_INFINITY) * 1_000,
  });
  if (commandWords(target)?.isShell && !options.includeChildren) {
    tell("A shell runs this command, and only the shell is measured: add --include-children", 0);
  }
  if (!recording.ok) return tell(recording.message, recording.exitCode);
  const { result } = recording;
  const paths = await writeFiles(result, options, directory);
  if (out) paths.push(...(await saveReport(result, out)));
  if (paths.length === 0) process.stdout.write(psrecordLog(result, options.logFormat ?? "plain"));
  return tell([...summary(result), ...paths].join("\n"), recording.exitCode);
}

async function writeFiles(result: RunResult, options: RecordOptions, directory: string): Promise<string[]> {
  const { log, plot } = options;
  const paths: string[] = [];
  if (log) {
    const format = options.logFormat ?? (log.endsWith(".csv") ? "csv" : "plain");
    paths.push(await write(resolve(directory, log), psrecordLog(result, format)));
  }
  if (plot) paths.push(await write(resolve(directory, plot), await drawn(result)));
  return paths;
}

async function drawn(result: RunResult): Promise<Buffer> {
  const [{ renderPng }, { processChart }] = await Promise.all([
    import("../charts/render.ts"),
    import("../charts/process-chart.ts"),
  ]);
  return renderPng(processChart(result, result.processes[0]!));
}

async function write(path: string, content: string | Uint8Array): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  return path;
}

function summary(result: RunResult): string[] {
  const { title } = result.scenario;
  const samples = result.processes[0]!.samples;
  const percents = samples.map(({ cpuPercent }) => cpuPercent);
  const memory = maximum(samples.map(({ rssBytes }) => rssBytes));
  const figures =
    samples.length === 0
      ? "it was gone before the first sample"
      : `CPU mean ${formatPercent(mean(percents))}, max ${formatPercent(maximum(percents))}; memory max ${formatMegabytes(memory)}; ${samples.length} samples`;
  const why = result.failure ? `; ${result.failure.message}` : "";
  return [
    "",
    `${title}: ${(result.durationMs / 1_000).toFixed(1)} s${why}`,
    figures,
    ...socketLines(result),
    ...warningLines(result),
  ];
}

function socketLines({ sockets }: RunResult): string[] {
  if (sockets.length === 0) return [];
  const bytes = ({ bytesRead, bytesWritten }: RunResult["sockets"][number]) => bytesRead + bytesWritten;
  const rows = sockets
    .toSorted((one, other) => bytes(other) - bytes(one))
    .slice(0, MOST_SOCKETS)
    .map(({ local, remote, side, bytesWritten, bytesRead }) => [
      `${local.address}:${local.port} ${side === "dialer" ? "→" : "←"} ${remote.address}:${remote.port}`,
      `sent ${formatBytes(bytesWritten)}`,
      `received ${formatBytes(bytesRead)}`,
    ]);
  const hidden = sockets.length - rows.length;
  return [...alignColumns(rows), ...(hidden > 0 ? [`and ${hidden} more sockets`] : [])];
}

function tell(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`);
  return exitCode;
}
