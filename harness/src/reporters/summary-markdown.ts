// summary.md: a run on one page, for the summary of a CI job.
import { chartFileNames, NETWORK_CHART } from "../charts/chart-file-names.ts";
import { warningsOf } from "../checks/warnings.ts";
import { DOCTOR_PAGE } from "../instruments/doctor.ts";
import { endsOf } from "../result/restarts.ts";
import type { RunResult } from "../result/result.ts";
import { standingOf } from "../result/verdict.ts";
import { type FigureTexts, figureTexts } from "../text/figure-texts.ts";
import { codeBlock, escaped, table } from "../text/markdown.ts";
import { formatPercent, grouped } from "../text/quantities.ts";
import { RESOURCE_HEADER, resourceTexts } from "../text/resource-texts.ts";
import { membershipText, usageTexts } from "../text/usage.ts";
import { connectionsSection, flowsSection, payloadSection, wireSection } from "./summary-network.ts";

/** Longer tables are cut; result.json has all rows. */
export const MAX_ROWS = 200;

const statusMark = { passed: "✅", missed: "⚠️", failed: "❌", interrupted: "⏹️" } as const;

export function summaryMarkdown(result: RunResult): string {
  return [
    heading(result),
    failureSection(result),
    checksSection(result),
    warningsSection(result),
    figuresSection(result),
    diagnosisSection(result),
    outagesSection(result),
    processesSection(result),
    resourcesSection(result),
    flowsSection(result),
    payloadSection(result),
    wireSection(result),
    connectionsSection(result),
    overheadSection(result),
    eventsSection(result),
    picturesSection(result),
  ]
    .filter((section) => section !== "")
    .join("\n");
}

function heading(result: RunResult): string {
  const { environment, sampling } = result;
  const memory = `${(environment.memoryBytes / 1e9).toFixed(1)} GB`;
  return `## ${statusMark[result.status]} ${escaped(result.scenario.title)}: ${result.status}

${escaped(result.scenario.description)}

${seconds(result.durationMs)} s from ${result.startedAt}. Node ${environment.nodeVersion.replace(/^v/, "")}, \
${escaped(environment.kernel)} ${environment.architecture}, \
${environment.cpuCount} × ${escaped(environment.cpuModel)}, ${memory}. \
Sampled every ${sampling.intervalMs} ms with ${escaped(sampling.sampler)}: \
${sampling.ticksTaken} taken, ${sampling.ticksMissed} missed. 1 MB is 1,000,000 bytes.
`;
}

function failureSection({ failure }: RunResult): string {
  if (failure === null) return "";
  const who = failure.processId === null ? "" : `\nLast lines of \`${failure.processId}\`:\n`;
  const output = failure.lastOutput.length === 0 ? "" : `${who}\n${codeBlock(failure.lastOutput)}`;
  return `### What went wrong\n\n${escaped(failure.message)}\n${output}`;
}

function checksSection({ checks }: RunResult): string {
  if (checks.length === 0) return "";
  const hasAdvice = checks.some((check) => !check.passed);
  const header = ["Verdict", "Check", "Measured", "Allowed", ...(hasAdvice ? ["What to do"] : [])];
  const rows = checks.map((check) => [
    statusMark[standingOf(check)],
    escaped(check.name),
    withUnit(check.value, check.unit),
    withUnit(check.limit, check.unit),
    ...(hasAdvice ? [check.passed ? "" : escaped(check.advice)] : []),
  ]);
  return `### Checks

${table(header, rows)}`;
}

function warningsSection(result: RunResult): string {
  const rows = warningsOf(result).map(({ cause, remedy }) => [escaped(cause), escaped(remedy)]);
  return rows.length === 0 ? "" : `### Warnings\n\n${table(["Uncertain", "What to do"], rows)}`;
}

function figuresSection(result: RunResult): string {
  const figures = figureTexts(result);
  if (figures.length === 0) return "";
  const sizes = Object.entries(result.settings ?? {}).map(([name, value]) => `${escaped(name)} = ${value}`);
  const note = sizes.length > 0 ? `At ${sizes.join(", ")}.\n\n` : "";
  const alone = figures.filter(({ cell }) => !cell);
  const list = alone.length > 0 ? [figureTable(alone)] : [];
  return `### Figures\n\n${note}${[...list, ...tablesOfCells(figures)].join("\n")}`;
}

function figureTable(figures: readonly FigureTexts[]): string {
  const rows = figures.map(({ name, median, spread, rounds }) => [
    escaped(name),
    escaped(median),
    escaped(spread),
    rounds,
  ]);
  return table(["Figure", "Median", "Lowest – highest", "Rounds"], rows);
}

/** Tables of the figures with a cell; rows and columns are in the order in which they were first measured. */
function tablesOfCells(figures: readonly FigureTexts[]): string[] {
  const titles = new Set(figures.flatMap(({ cell }) => cell?.table ?? []));
  return [...titles].map((title) => {
    const own = figures.filter(({ cell }) => cell?.table === title);
    const columns = [...new Set(own.map(({ cell }) => cell?.column ?? ""))];
    const rows = [...new Set(own.map(({ cell }) => cell?.row ?? ""))].map((row) => {
      const inColumn = (column: string) =>
        own.find(({ cell }) => cell?.row === row && cell.column === column)?.median ?? "–";
      return [row, ...columns.map(inColumn)].map(escaped);
    });
    return table([title, ...columns].map(escaped), rows);
  });
}

function outagesSection({ outages = [] }: RunResult): string {
  if (outages.length === 0) return "";
  const rows = outages.map(({ label, startMs, endMs }) => [
    escaped(label),
    seconds(startMs),
    seconds(endMs),
    seconds(endMs - startMs),
  ]);
  return `### Outages\n\n${table(["What failed", "From (s)", "To (s)", "Lasted (s)"], rows)}`;
}

function diagnosisSection({ diagnosis }: RunResult): string {
  if (!diagnosis) return "";
  const { processId, category, text, issues } = diagnosis;
  const found = Object.entries(issues).map(([part, issue]) => [escaped(part), escaped(issue)]);
  const verdict = `Clinic Doctor on ${escaped(processId)}: **${escaped(category)}**, ${escaped(text)} ([page](${DOCTOR_PAGE})).`;
  return `### Diagnosis\n\n${verdict}\n\n${table(["Part", "Issue"], found)}`;
}

function processesSection({ processes, sampling }: RunResult): string {
  const rows = processes.map((measured) => {
    return [
      escaped(measured.label),
      measured.samples.length,
      ...usageTexts(measured.samples),
      endsOf(measured),
    ];
  });
  const header = ["Process", "Samples", "CPU mean", "CPU max", "Memory max", "End"];
  return `### Processes\n\n${membershipText(sampling)} 100 % is one core.\n\n${table(header, rows)}`;
}

function resourcesSection({ processes }: RunResult): string {
  const rows = processes.flatMap(({ label, resources }) =>
    resources ? [[escaped(label), ...resourceTexts(resources)]] : [],
  );
  if (rows.length === 0) return "";
  const note =
    "Read once a second. Counts are totals since the program started. PSS counts shared memory only once.";
  return `### Resources\n\n${note}\n\n${table(["Process", ...RESOURCE_HEADER], rows)}`;
}

function overheadSection({ overhead, capture, durationMs }: RunResult): string {
  if (!overhead) return "";
  const {
    harnessCpuPercent,
    witnessCpuPercent,
    ticksMissed,
    scheduleErrorMs,
    clockResolutionMs,
    probes = [],
  } = overhead;
  const errors = [scheduleErrorMs.p50, scheduleErrorMs.p99, scheduleErrorMs.max].map((ms) => ms.toFixed(1));
  const rows = [
    ["CPU of fiel", `${formatPercent(harnessCpuPercent)} of a core`],
    ...(witnessCpuPercent === undefined
      ? []
      : [["CPU of bpftrace", `${formatPercent(witnessCpuPercent)} of a core`]]),
    ...probes.map(({ processId, workMs }) => [
      `Probe in ${escaped(processId)}`,
      `${workMs.toFixed(1)} ms, ${((100 * workMs) / durationMs).toFixed(2)} % of a core`,
    ]),
    ["Ticks missed", ticksMissed],
    ["Schedule error p50 / p99 / max", `${errors.join(" / ")} ms`],
    ["Clock resolution", `${Math.round(clockResolutionMs * 1e6)} ns`],
    ...(capture ? [["Packets that the capture dropped", capture.packetsDropped]] : []),
  ];
  return `### What measuring cost\n\n${table(["Cost", "Measured"], rows)}`;
}

function eventsSection({ events }: RunResult): string {
  if (events.length === 0) return "";
  const rows = events
    .slice(0, MAX_ROWS)
    .map((event) => [
      seconds(event.timeMs),
      escaped(event.processId),
      escaped(event.label),
      escaped(event.text),
    ]);
  const more = events.length > MAX_ROWS ? `\n${events.length - MAX_ROWS} more are in result.json.\n` : "";
  const body = table(["Time (s)", "Process", "Event", "Line"], rows);
  return `<details><summary>${events.length} events</summary>\n\n${body}${more}\n</details>\n`;
}

function picturesSection({ processes, plots = [], countsBytes }: RunResult): string {
  const own = plots.map(({ name }) => `${name}.png`);
  const names = [
    ...own,
    ...chartFileNames(
      processes.map(({ id }) => id),
      own,
    ),
    ...(countsBytes === false ? [] : [NETWORK_CHART]),
  ];
  const pictures = names.map((name) => `![${name.replace(/\.png$/, "")}](${name})`);
  return `### Charts\n\n${pictures.join("\n\n")}\n\nNumbers: [result.json](result.json), [samples.csv](samples.csv)\n`;
}

function withUnit(value: number | string, unit: string): string {
  return escaped(`${typeof value === "number" ? grouped(value) : value} ${unit}`.trim());
}

function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
