// `fiel record`: what psrecord does, with its options. All that we say goes to standard error; standard output is
// the program's, and the log's when no file is asked for.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { typingDirectory } from "../project/typing-directory.ts";
import { fileProblem } from "../reporters/check-writable.ts";
import { reportFolderProblem, saveReport } from "../reporters/report-folder.ts";
import type { RunResult } from "../result/result.ts";
import type { SamplerName } from "../samplers/choose-sampler.ts";
import { maximum, mean } from "../statistics/totals.ts";
import { warningLines } from "../terminal/terminal-summary.ts";
import { formatBytes, formatMegabytes, formatPercent } from "../text/quantities.ts";
import { alignColumns } from "../text/text-table.ts";
import { commandWords } from "./command-words.ts";
import { LogFile } from "./log-file.ts";
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
  includeIo: boolean;
  probe: boolean;
  trace: boolean;
  sampler: SamplerName;
}

const OK = 0;
const FAILED = 1;
const BAD_USAGE = 2;
const MOST_SOCKETS = 12;

/** Returns the exit code of the program; 1 if it ended well and something could not be written. */
export async function recordCommand(target: string, options: RecordOptions): Promise<number> {
  const directory = typingDirectory();
  const { log, plot, logFormat, includeIo, includeChildren } = options;
  const out = options.out && resolve(directory, options.out);
  const files = [log, plot].flatMap((file) => (file ? [resolve(directory, file)] : []));
  const objections = [out && (await reportFolderProblem(out))];
  for (const file of files) objections.push(await fileProblem(file));
  const objection = objections.find(Boolean);
  if (objection) return report(objection, BAD_USAGE);
  const logOptions = { includeIo, format: logFormat ?? (log?.endsWith(".csv") ? "csv" : "plain") };
  const logFile = log ? await LogFile.open(resolve(directory, log), logOptions) : null;
  const recording = await record({
    target,
    directory,
    intervalMs: options.interval * 1_000,
    sampler: options.sampler,
    includeChildren,
    includeIo,
    isProbed: options.probe,
    tracesKernel: options.trace,
    progress: logFile ?? { now() {} },
    durationMs: (options.duration ?? Number.POSITIVE_INFINITY) * 1_000,
  });
  if (commandWords(target)?.isShell && !includeChildren)
    report("A shell runs this command, and only the shell is measured: add --include-children", OK);
  if (!recording.ok) {
    await logFile?.close().catch(() => {});
    return report(recording.message, recording.exitCode);
  }
  const { result, exitCode } = recording;
  if (!log && !plot && !out) process.stdout.write(psrecordLog(result, logOptions));
  const written = [
    ...(logFile ? [await attempt(logFile.path, (path) => logFile.close().then(() => path))] : []),
    ...(plot ? [await attempt(resolve(directory, plot), (path) => drawInto(path, result))] : []),
    ...(out ? [await attempt(out, async (path) => (await saveReport(result, path)).join("\n"))] : []),
  ];
  report([...summary(result), ...written.map(({ text }) => text)].join("\n"), OK);
  return exitCode === OK && written.some(({ isWritten }) => !isWritten) ? FAILED : exitCode;
}

/** What to say of a file that was to be written: its path, or in one line why it is not whole. */
async function attempt(path: string, write: (path: string) => Promise<string>) {
  try {
    return { isWritten: true, text: await write(path) };
  } catch (error) {
    return { isWritten: false, text: `${path} could not be written to its end: ${(error as Error).message}` };
  }
}

async function drawInto(path: string, result: RunResult): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, await drawn(result));
  return path;
}

async function drawn(result: RunResult): Promise<Buffer> {
  const [{ renderPng }, { processChart }] = await Promise.all([
    import("../charts/render.ts"),
    import("../charts/process-chart.ts"),
  ]);
  return renderPng(processChart(result, result.processes[0]!));
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

function report(text: string, exitCode: number): number {
  process.stderr.write(`${text}\n`);
  return exitCode;
}
