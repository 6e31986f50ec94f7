// A run's result → the data of its page. Pure.
import { flowsOf } from "../result/byte-series.ts";
import { flowFigures } from "../result/flow-figures.ts";
import type { Phase, RunResult } from "../result/result.ts";
import { standingOf } from "../result/verdict.ts";
import { toSequenceData } from "../sequence/to-sequence-data.ts";
import { maximum, mean } from "../statistics/totals.ts";
import { printable } from "../text/printable.ts";
import { counted, formatBytes, formatMegabytes, formatPercent } from "../text/quantities.ts";
import { pageCharts, pagePlots } from "./page-charts.ts";
import { LONGEST_TEXT, type PageData, type Span, type Tile } from "./page-data.ts";
import { pageTables } from "./page-tables.ts";
import { thinnedEvents } from "./thinned.ts";

/** More events could not be distinguished on one axis. */
const MAX_EVENTS = 500;
const MAX_MESSAGES = 800;
const LONGEST_MESSAGE = 160;

export function toPageData(result: RunResult): PageData {
  const { scenario, environment, failure } = result;
  const events = thinnedEvents(result.events, MAX_EVENTS);
  return {
    title: scenario.title,
    description: scenario.description,
    status: result.status,
    failure: failure && {
      message: failure.message,
      lastOutput: failure.lastOutput.map((line) => printable(line.slice(0, LONGEST_TEXT))),
    },
    subtitle: `${result.startedAt.slice(0, 16).replace("T", " ")} UTC · ${environment.cpuCount} × ${environment.cpuModel} · Node ${environment.nodeVersion.replace(/^v/, "")}`,
    tiles: tiles(result),
    durationS: result.durationMs / 1_000,
    phases: spans(result.phases.map(({ name, ...span }) => ({ ...span, label: name }))),
    outages: spans(result.outages ?? []),
    events: events.map(({ timeMs, processId, label, text }) => ({
      timeS: inSeconds(timeMs),
      process: processId,
      label: printable(label),
      text: printable(text.slice(0, LONGEST_TEXT)),
    })),
    hiddenEvents: result.events.length - events.length,
    charts: pageCharts(result),
    plots: pagePlots(result),
    conversation: toSequenceData(result, MAX_MESSAGES, LONGEST_MESSAGE),
    tables: pageTables(result),
    colophon: `Made by fiel ${environment.harnessVersion} from result.json, schema ${result.schemaVersion}.`,
  };
}

function tiles(result: RunResult): Tile[] {
  const { checks, processes, connections, durationMs } = result;
  const cpu = processes.map(({ label, samples }) => ({
    label,
    percent: mean(samples.map(({ cpuPercent }) => cpuPercent)),
  }));
  const memory = processes.map(({ label, samples }) => ({
    label,
    bytes: maximum(samples.map(({ rssBytes }) => rssBytes)),
  }));
  const busiest = cpu.toSorted((one, other) => other.percent - one.percent)[0];
  const largest = memory.toSorted((one, other) => other.bytes - one.bytes)[0];
  const [passed, missed, failed] = (["passed", "missed", "failed"] as const).map(
    (standing) => checks.filter((check) => standingOf(check) === standing).length,
  );
  const flowCount = flowsOf(result).filter(({ name }) =>
    connections.some(({ flow }) => flow === name),
  ).length;
  const all: (Tile | false | undefined)[] = [
    checks.length > 0 && {
      label: "Checks",
      value: `${passed} of ${checks.length}`,
      detail: failed ? `${failed} failed` : missed ? `${missed} missed, warning only` : "all passed",
      tone: failed ? "bad" : "good",
    },
    {
      label: "Duration",
      value: `${(durationMs / 1_000).toFixed(1)} s`,
      detail: counted(processes.length, "process", "processes"),
      tone: null,
    },
    busiest && {
      label: "CPU, busiest",
      value: formatPercent(busiest.percent),
      detail: `${busiest.label}, on average`,
      tone: null,
    },
    largest && {
      label: "Memory, largest",
      value: formatMegabytes(largest.bytes),
      detail: `${largest.label}, at its highest`,
      tone: null,
    },
    {
      label: "On the wire",
      value: formatBytes(flowFigures(result).total.total),
      detail: `${counted(connections.length, "connection", "connections")}, ${counted(flowCount, "flow", "flows")}`,
      tone: null,
    },
  ];
  return all.filter((tile) => tile !== false && tile !== undefined);
}

function spans(given: (Omit<Phase, "name"> & { label: string })[]): Span[] {
  return given.map(({ label, startMs, endMs }) => ({
    label,
    startS: inSeconds(startMs),
    endS: inSeconds(endMs),
  }));
}

function inSeconds(timeMs: number): number {
  return Math.round(timeMs) / 1_000;
}
