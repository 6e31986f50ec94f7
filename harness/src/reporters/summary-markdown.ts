// summary.md: a run on a page, fit for the summary of a CI job.
import { chartFileNames, NETWORK_CHART } from "../charts/chart-file-names.ts";
import { DOCTOR_PAGE } from "../instruments/file-names.ts";
import { endsOf } from "../result/restarts.ts";
import type { RunResult } from "../result/result.ts";
import { standingOf } from "../result/verdict.ts";
import { maximum, mean } from "../statistics/totals.ts";
import { codeBlock, escaped, table } from "../text/markdown.ts";
import { formatMegabytes, formatPercent } from "../text/quantities.ts";
import { figuresSection } from "./summary-figures.ts";
import { connectionsSection, flowsSection } from "./summary-network.ts";
import { overheadSection } from "./summary-overhead.ts";
import { payloadSection } from "./summary-payload.ts";
import { wireSection } from "./summary-wire.ts";

/** Longer tables are cut; result.json has them whole. */
export const MOST_ROWS = 200;

const statusMark = { passed: "✅", missed: "⚠️", failed: "❌", interrupted: "⏹️" } as const;

export function summaryMarkdown(result: RunResult): string {
  return [
    heading(result),
    failureSection(result),
    checksSection(result),
    figuresSection(result),
    diagnosisSection(result),
    outagesSection(result),
    processesSection(result),
    flowsSection(result),
    payloadSection(result),
    wireSection(result),
    connectionsSection(result),
    overheadSection(result),
    leaksSection(result),
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
${environment.platform} ${environment.architecture} ${escaped(environment.kernel)}, \
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
  const rows = checks.map((check) => [
    statusMark[standingOf(check)],
    escaped(check.name),
    withUnit(check.value, check.unit),
    withUnit(check.limit, check.unit),
    check.passed ? "" : escaped(check.advice),
  ]);
  return `### Checks\n\n${table(["", "Check", "Measured", "Allowed", "What to do"], rows)}`;
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
  const said = `Clinic Doctor on ${escaped(processId)}: **${escaped(category)}**, ${escaped(text)} ([page](${DOCTOR_PAGE})).`;
  return `### Diagnosis\n\n${said}\n\n${table(["Part", "Issue"], found)}`;
}

function processesSection({ processes }: RunResult): string {
  const rows = processes.map((measured) => {
    const percents = measured.samples.map((sample) => sample.cpuPercent);
    const rss = maximum(measured.samples.map((sample) => sample.rssBytes));
    return [
      escaped(measured.label),
      measured.samples.length,
      percents.length === 0 ? "–" : formatPercent(mean(percents)),
      percents.length === 0 ? "–" : formatPercent(maximum(percents)),
      rss === 0 ? "–" : formatMegabytes(rss),
      endsOf(measured),
    ];
  });
  const header = ["Process", "Samples", "CPU mean", "CPU max", "Memory max", "End"];
  return `### Processes\n\nChildren included; 100 % is one core.\n\n${table(header, rows)}`;
}

function leaksSection({ leaks = [] }: RunResult): string {
  if (leaks.length === 0) return "";
  return `### Leaks of the harness\n\nAfter the run it still held:\n\n${leaks.map((leak) => `- ${escaped(leak)}\n`).join("")}`;
}

function eventsSection({ events }: RunResult): string {
  if (events.length === 0) return "";
  const rows = events
    .slice(0, MOST_ROWS)
    .map((event) => [
      seconds(event.timeMs),
      escaped(event.processId),
      escaped(event.label),
      escaped(event.text),
    ]);
  const more = events.length > MOST_ROWS ? `\n${events.length - MOST_ROWS} more are in result.json.\n` : "";
  const body = table(["Time (s)", "Process", "Event", "Line"], rows);
  return `<details><summary>${events.length} events</summary>\n\n${body}${more}\n</details>\n`;
}

function picturesSection({ processes, plots = [] }: RunResult): string {
  const own = plots.map(({ name }) => `${name}.png`);
  const names = [
    ...own,
    ...chartFileNames(
      processes.map(({ id }) => id),
      own,
    ),
    NETWORK_CHART,
  ];
  const pictures = names.map((name) => `![${name.replace(/\.png$/, "")}](${name})`);
  return `### Charts\n\n${pictures.join("\n\n")}\n\nNumbers: [result.json](result.json), [samples.csv](samples.csv)\n`;
}

function withUnit(value: number | string, unit: string): string {
  return escaped(`${value} ${unit}`.trim());
}

function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
