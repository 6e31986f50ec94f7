// The summary of a run in the terminal: outcome, a small table, verdicts, warnings, paths of files. Pure.
import { relative } from "node:path";
import { warningsOf } from "../checks/warnings.ts";
import type { MeasuredProcess, RunResult, Verdict } from "../result/result.ts";
import { standingOf } from "../result/verdict.ts";
import { sum } from "../statistics/totals.ts";
import { printable } from "../text/printable.ts";
import { formatBytes, formatPercent, grouped } from "../text/quantities.ts";
import { alignColumns } from "../text/text-table.ts";
import { usageTexts } from "../text/usage.ts";

export function terminalSummary(result: RunResult, paths: readonly string[], directory: string): string {
  const sections = [
    outcomeLines(result),
    alignColumns([headings(result), ...result.processes.map((process) => figures(process, result))]),
    result.checks.flatMap(verdictLines),
    diagnosisLines(result),
    overheadLines(result),
    captureLines(result),
    warningLines(result),
    paths.map((path) => shortest(path, directory)),
  ];
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join("\n"));
  return `\n${text.join("\n\n")}\n`;
}

function shortest(path: string, directory: string): string {
  const fromHere = relative(directory, path);
  return fromHere.length < path.length ? fromHere : path;
}

function outcomeLines({ scenario, status, failure, durationMs, processes }: RunResult): string[] {
  const lines = [`${scenario.name} ${status} after ${(durationMs / 1_000).toFixed(1)} s`];
  if (!failure) return lines;
  const [message = "", ...explanation] = failure.message.split("\n").map(printable);
  lines.push(`  ${message}`, ...explanation.map((line) => `    ${line}`));
  if (failure.lastOutput.length === 0 && processes.some(({ id }) => id === failure.processId))
    lines.push(`  ${failure.processId} printed nothing`);
  if (failure.lastOutput.length > 0) lines.push(`  ${failure.processId} printed last:`);
  return [...lines, ...failure.lastOutput.map((line) => `    ${printable(line)}`)];
}

function flowsSeen({ flows, sockets }: RunResult): string[] {
  const names = [...flows.map(({ name }) => name), "other"];
  return names.filter((name) => sockets.some(({ flow }) => flow === name));
}

function headings(result: RunResult): string[] {
  return ["process", "CPU mean", "CPU max", "memory max", ...flowsSeen(result)];
}

/** Bytes are the sum of those sent and received by the process. */
function figures(process: MeasuredProcess, result: RunResult): string[] {
  const bytes = flowsSeen(result).map((flow) =>
    sum(
      result.sockets
        .filter((socket) => socket.processId === process.id && socket.flow === flow)
        .map(({ bytesWritten, bytesRead }) => bytesWritten + bytesRead),
    ),
  );
  return [process.id, ...usageTexts(process.samples), ...bytes.map(formatBytes)];
}

function diagnosisLines({ diagnosis }: RunResult): string[] {
  return diagnosis ? [`doctor on ${diagnosis.processId}: ${diagnosis.category}, ${diagnosis.text}`] : [];
}

export function warningLines(result: RunResult): string[] {
  return warningsOf(result).flatMap(({ cause, remedy }) => [`warning: ${printable(cause)}`, `  ${remedy}`]);
}

function captureLines({ capture }: RunResult): string[] {
  if (!capture || capture.problem) return [];
  return [`captured ${capture.packets} packets of this machine, ${capture.packetsDropped} dropped`];
}

function overheadLines({ overhead, sampling }: RunResult): string[] {
  if (!overhead) return [];
  const { harnessCpuPercent, witnessCpuPercent, ticksMissed, scheduleErrorMs } = overhead;
  const witness =
    witnessCpuPercent === undefined ? "" : ` and ${formatPercent(witnessCpuPercent)} in bpftrace`;
  const cpu = `measuring took ${formatPercent(harnessCpuPercent)} of a core${witness}`;
  const error = `p99 of the schedule error ${scheduleErrorMs.p99.toFixed(1)} ms`;
  return [`${cpu} with ${sampling.sampler}; ${error}, ${ticksMissed} ticks missed`];
}

const marks = { passed: "✓", missed: "!", failed: "✗" } as const;

function verdictLines(verdict: Verdict): string[] {
  const { name, value, limit, unit, advice } = verdict;
  const standing = standingOf(verdict);
  const line = `${marks[standing]} ${name}: ${`${numberText(value)} ${unit}`.trim()} (limit ${numberText(limit)})`;
  if (standing === "passed") return [line];
  return [standing === "missed" ? `${line}, missed: warning only` : line, `  ${advice}`];
}

function numberText(value: number | string): string {
  return typeof value === "number" ? grouped(value) : value;
}
