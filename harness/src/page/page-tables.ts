// The tables of report.html. The content of a cell is always text. Pure.
import { warningsOf } from "../checks/warnings.ts";
import { DOCTOR_PAGE } from "../instruments/doctor.ts";
import { endsOf } from "../result/restarts.ts";
import type { RunResult } from "../result/result.ts";
import { type Standing, standingOf } from "../result/verdict.ts";
import { figureTexts } from "../text/figure-texts.ts";
import { printable } from "../text/printable.ts";
import { formatPercent, grouped } from "../text/quantities.ts";
import { RESOURCE_HEADER, resourceTexts } from "../text/resource-texts.ts";
import { membershipText, usageTexts } from "../text/usage.ts";
import { connectionsTable, flowsTable, ledgerTable, messagesTable } from "./network-tables.ts";
import { type Cell, LONGEST_TEXT, type PageTable } from "./page-data.ts";
import { seconds, table } from "./table.ts";

export function pageTables(result: RunResult): PageTable[] {
  const tables = [
    checksTable(result),
    warningsTable(result),
    figuresTable(result),
    diagnosisTable(result),
    profilesTable(result),
    outagesTable(result),
    processesTable(result),
    resourcesTable(result),
    flowsTable(result),
    ledgerTable(result),
    messagesTable(result),
    connectionsTable(result),
    eventsTable(result),
    costTable(result),
    environmentTable(result),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

function checksTable({ checks }: RunResult): PageTable {
  const hasAdvice = checks.some((check) => !check.passed);
  return table({
    title: "Checks",
    header: ["Verdict", "Check", "Measured", "Allowed", ...(hasAdvice ? ["What to do"] : [])],
    rows: checks.map((check) => [
      standings[standingOf(check)],
      check.name,
      `${shown(check.value)} ${check.unit}`.trim(),
      `${shown(check.limit)} ${check.unit}`.trim(),
      ...(hasAdvice ? [check.passed ? "" : check.advice] : []),
    ]),
  });
}

const standings: Record<Standing, Cell> = {
  passed: { text: "✓ passed", tone: "good" },
  missed: { text: "! missed (warning only)", tone: "bad" },
  failed: { text: "✗ failed", tone: "bad" },
};

function warningsTable(result: RunResult): PageTable {
  return table({
    title: "Warnings",
    header: ["Uncertain", "What to do"],
    rows: warningsOf(result).map(({ cause, remedy }) => [printable(cause), remedy]),
  });
}

function figuresTable(result: RunResult): PageTable {
  const sizes = Object.entries(result.settings ?? {}).map(([name, value]) => `${name} = ${value}`);
  return table({
    title: "Figures",
    note: `Measured by the scenario itself${sizes.length > 0 ? `, at ${sizes.join(", ")}` : ""}.`,
    header: ["Figure", "Median", "Lowest – highest", "Rounds"],
    rows: figureTexts(result).map(({ name, median, spread, rounds }) => [name, median, spread, rounds]),
  });
}

function diagnosisTable({ diagnosis }: RunResult): PageTable {
  return table({
    title: "Diagnosis",
    note: diagnosis ? `Clinic Doctor on ${diagnosis.processId}.` : "",
    header: ["", ""],
    rows: diagnosis
      ? [
          [
            "Verdict",
            {
              text: `${diagnosis.category}: ${diagnosis.text}`,
              tone: diagnosis.category === "none" ? "good" : "plain",
            },
          ],
          ["Page", { text: DOCTOR_PAGE, tone: "plain", href: DOCTOR_PAGE }],
          ...Object.entries(diagnosis.issues).map(([part, issue]) => [part, issue]),
        ]
      : [],
  });
}

function profilesTable({ profiles = [] }: RunResult): PageTable {
  return table({
    title: "Profiles",
    note: "For the Performance and Memory panels of Chrome's developer tools.",
    header: ["File"],
    rows: profiles.map((path) => [{ text: path, tone: "plain", href: path }]),
  });
}

function outagesTable({ outages = [] }: RunResult): PageTable {
  return table({
    title: "Outages",
    header: ["What failed", "From (s)", "To (s)", "Lasted (s)"],
    rows: outages.map(({ label, startMs, endMs }) => [
      label,
      seconds(startMs),
      seconds(endMs),
      seconds(endMs - startMs),
    ]),
  });
}

function processesTable({ processes, sampling }: RunResult): PageTable {
  return table({
    title: "Processes",
    note: `${membershipText(sampling)} 100 % is one core, 1 MB is 1,000,000 bytes.`,
    header: ["Process", "Samples", "CPU mean", "CPU max", "Memory max", "Ended", "Command"],
    rows: processes.map((measured) => {
      const { label, samples, command } = measured;
      return [
        label,
        samples.length,
        ...usageTexts(samples),
        endsOf(measured),
        { text: command.map(shortPath).join(" "), tone: "muted" },
      ];
    }),
  });
}

function resourcesTable({ processes }: RunResult): PageTable {
  return table({
    title: "Resources",
    note: "Read once a second. Counts are totals since the program started. PSS counts shared memory only once.",
    header: ["Process", ...RESOURCE_HEADER],
    rows: processes.flatMap(({ label, resources }) =>
      resources ? [[label, ...resourceTexts(resources)]] : [],
    ),
  });
}

function eventsTable({ events }: RunResult): PageTable {
  return table({
    title: "Events",
    header: ["Time (s)", "Process", "Event", "Line"],
    rows: events.map(({ timeMs, processId, label, text }) => [
      seconds(timeMs),
      processId,
      label,
      { text: printable(text.slice(0, LONGEST_TEXT)), tone: "muted" },
    ]),
    isLong: true,
  });
}

function costTable({ overhead, sampling, instruments = [] }: RunResult): PageTable {
  const rows: Cell[][] = [
    ["Sampler", `${sampling.sampler}, every ${sampling.intervalMs} ms`],
    ["Samples taken, missed", `${sampling.ticksTaken}, ${sampling.ticksMissed}`],
  ];
  if (overhead) {
    const { harnessCpuPercent, witnessCpuPercent, scheduleErrorMs, clockResolutionMs } = overhead;
    const errors = [scheduleErrorMs.p50, scheduleErrorMs.p99, scheduleErrorMs.max];
    rows.push(
      ["CPU of fiel", formatPercent(harnessCpuPercent)],
      ...(witnessCpuPercent === undefined ? [] : [["CPU of bpftrace", formatPercent(witnessCpuPercent)]]),
      ["Schedule error p50, p99, max", `${errors.map((ms) => ms.toFixed(1)).join(", ")} ms`],
      ["Clock resolution", `${Math.round(clockResolutionMs * 1e6)} ns`],
    );
  }
  if (instruments.length > 0)
    rows.push(["Instruments loaded, which slow the programs", instruments.join(", ")]);
  return table({ title: "What measuring cost", header: ["", ""], rows });
}

function environmentTable({ environment, startedAt, durationMs }: RunResult): PageTable {
  return table({
    title: "Environment",
    header: ["", ""],
    rows: [
      ["Machine", `${environment.cpuCount} × ${environment.cpuModel}, ${gigabytes(environment.memoryBytes)}`],
      ["System", `${environment.kernel}, ${environment.architecture}`],
      ["Node", environment.nodeVersion.replace(/^v/, "")],
      ["fiel", environment.harnessVersion],
      ["Run", `${startedAt}, ${seconds(durationMs)} s`],
    ],
  });
}

/** A long path is shortened to its last two parts. */
function shortPath(word: string): string {
  const parts = word.split("/");
  return parts.length > 3 ? `…/${parts.slice(-2).join("/")}` : word;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function shown(value: number | string): string {
  return typeof value === "number" ? grouped(value) : value;
}
