// The tables of report.html, cell by cell; what a cell holds is text, whatever stands in it. Pure.
import { formatMegabytes, formatPercent, maximum, mean } from "../charts/quantities.ts";
import { payloadByType } from "../ledger/payload-by-type.ts";
import { endsOf } from "../lives.ts";
import { flowFigures } from "../reporters/flow-figures.ts";
import { payloadLevels } from "../reporters/summary-payload.ts";
import type { Connection, RunResult } from "../result.ts";
import { type Standing, standingOf } from "../verdict.ts";
import { type Cell, LONGEST_TEXT, type PageTable } from "./page-data.ts";

/** result.json has them whole. */
const MOST_ROWS = 400;
const NOTHING = "–";

export function pageTables(result: RunResult): PageTable[] {
  const tables = [
    checksTable(result),
    outagesTable(result),
    processesTable(result),
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

function table(given: { title: string; header: string[]; rows: Cell[][] } & Partial<PageTable>): PageTable {
  const hiddenRows = Math.max(0, given.rows.length - MOST_ROWS);
  return { note: "", isLong: false, ...given, rows: given.rows.slice(0, MOST_ROWS), hiddenRows };
}

function checksTable({ checks }: RunResult): PageTable {
  return table({
    title: "Checks",
    header: ["", "Check", "Measured", "Allowed", "What to do"],
    rows: checks.map((check) => [
      standings[standingOf(check)],
      check.name,
      `${grouped(check.value)} ${check.unit}`.trim(),
      `${grouped(check.limit)} ${check.unit}`.trim(),
      check.passed ? "" : check.advice,
    ]),
  });
}

const standings: Record<Standing, Cell> = {
  passed: { text: "✓ passed", tone: "good" },
  missed: { text: "! missed (told, not judged)", tone: "bad" },
  failed: { text: "✗ failed", tone: "bad" },
};

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

function processesTable({ processes }: RunResult): PageTable {
  return table({
    title: "Processes",
    note: "Children included; 100 % is one core, 1 MB is 1,000,000 bytes.",
    header: ["Process", "Samples", "CPU mean", "CPU max", "Memory max", "Ended", "Command"],
    rows: processes.map((measured) => {
      const { label, samples, command } = measured;
      const percents = samples.map(({ cpuPercent }) => cpuPercent);
      const figures =
        samples.length === 0
          ? [NOTHING, NOTHING, NOTHING]
          : [
              formatPercent(mean(percents)),
              formatPercent(maximum(percents)),
              formatMegabytes(maximum(samples.map(({ rssBytes }) => rssBytes))),
            ];
      return [
        label,
        samples.length,
        ...figures,
        endsOf(measured),
        { text: command.map(shortPath).join(" "), tone: "muted" },
      ];
    }),
  });
}

function flowsTable(result: RunResult): PageTable {
  const { flows, total } = flowFigures(result);
  return table({
    title: "Flows",
    note: "Bytes on the wire (under TLS the ciphertext), each counted once. The residual is what one end wrote and the other did not read.",
    header: ["Flow", "Connections", "Dialer → acceptor", "Acceptor → dialer", "Total", "Residual"],
    rows:
      result.connections.length === 0
        ? []
        : [...flows, total].map((figures) => [
            figures.label,
            figures.connections,
            figures.dialerToAcceptor,
            figures.acceptorToDialer,
            figures.total,
            residualCell(figures.residual),
          ]),
  });
}

function ledgerTable({ sockets, flows }: RunResult): PageTable {
  const counted = sockets.filter(({ messages }) => messages !== undefined);
  return table({
    title: "Byte ledger",
    note: "Payload as the programs wrote it, what TLS added, and the TCP payload that came of both.",
    header: ["Flow", "Payload", "TLS", "TCP payload", "Residual"],
    rows: [...new Set(counted.map(({ flow }) => flow))].map((flow) => {
      const levels = payloadLevels(counted.filter((socket) => socket.flow === flow));
      const { payload, overTls, tcp, residual } = levels;
      return [labelOf(flow, flows), payload, overTls, tcp, residualCell(residual)];
    }),
  });
}

function messagesTable({ sockets, flows }: RunResult): PageTable {
  const counted = sockets.filter(({ messages }) => messages !== undefined);
  return table({
    title: "Message types",
    note: "Payload by type of message, each byte at its writer.",
    isLong: true,
    header: ["Flow", "Message", "Count", "Bytes"],
    rows: payloadByType(counted).map(({ flow, type, count, bytes }) => [
      labelOf(flow, flows),
      type,
      count,
      bytes,
    ]),
  });
}

function labelOf(name: string, flows: RunResult["flows"]): string {
  return flows.find((flow) => flow.name === name)?.label ?? name;
}

function connectionsTable({ connections, sockets, flows }: RunResult): PageTable {
  const socketOf = new Map(sockets.map((socket) => [socket.id, socket]));
  const end = (id: string | null): Cell => {
    const socket = socketOf.get(id ?? "");
    return socket ? `${socket.processId} :${socket.local.port}` : { text: "not measured", tone: "muted" };
  };
  const life = ({ dialerSocketId, acceptorSocketId }: Connection): Cell[] => {
    const socket = socketOf.get(dialerSocketId ?? "") ?? socketOf.get(acceptorSocketId ?? "");
    if (!socket) return [NOTHING, NOTHING];
    return [seconds(socket.openedAtMs), socket.closedAtMs === null ? NOTHING : seconds(socket.closedAtMs)];
  };
  return table({
    title: "Sockets",
    note: "Each connection with its two ends: what one wrote, what the other read.",
    header: [
      "Flow",
      "Dialer",
      "Acceptor",
      "Opened (s)",
      "Closed (s)",
      "End",
      "→ written",
      "→ read",
      "← written",
      "← read",
      "Residual",
    ],
    rows: connections.map((connection) => {
      const { flow, dialerSocketId, acceptorSocketId, dialerToAcceptor, acceptorToDialer } = connection;
      return [
        labelOf(flow, flows),
        end(dialerSocketId),
        end(acceptorSocketId),
        ...life(connection),
        connection.end === "fin" ? "fin" : { text: connection.end, tone: "muted" },
        dialerToAcceptor.writtenBytes ?? NOTHING,
        dialerToAcceptor.readBytes ?? NOTHING,
        acceptorToDialer.writtenBytes ?? NOTHING,
        acceptorToDialer.readBytes ?? NOTHING,
        residualCell(residualOf(connection)),
      ];
    }),
  });
}

function residualOf({ dialerToAcceptor, acceptorToDialer }: Connection): number | null {
  const { residualBytes: there } = dialerToAcceptor;
  const { residualBytes: back } = acceptorToDialer;
  return there === null && back === null ? null : Math.abs(there ?? 0) + Math.abs(back ?? 0);
}

function residualCell(bytes: number | null): Cell {
  if (bytes === null) return NOTHING;
  return bytes === 0 ? bytes : { text: bytes.toLocaleString("en-US"), tone: "bad" };
}

function eventsTable({ events }: RunResult): PageTable {
  return table({
    title: "Events",
    header: ["Time (s)", "Process", "Event", "Line"],
    rows: events.map(({ timeMs, processId, label, text }) => [
      seconds(timeMs),
      processId,
      label,
      { text: text.slice(0, LONGEST_TEXT), tone: "muted" },
    ]),
    isLong: true,
  });
}

function costTable({ overhead, sampling, instruments = [], leaks = [] }: RunResult): PageTable {
  const rows: Cell[][] = [
    ["Sampler", `${sampling.sampler}, every ${sampling.intervalMs} ms`],
    ["Samplings taken, missed", `${sampling.ticksTaken}, ${sampling.ticksMissed}`],
  ];
  if (overhead) {
    const { harnessCpuPercent, scheduleErrorMs, clockResolutionMs } = overhead;
    const errors = [scheduleErrorMs.p50, scheduleErrorMs.p99, scheduleErrorMs.max];
    rows.push(
      ["CPU of the harness", formatPercent(harnessCpuPercent)],
      ["Schedule error p50, p99, max", `${errors.map((ms) => ms.toFixed(1)).join(", ")} ms`],
      ["Clock resolution", `${Math.round(clockResolutionMs * 1e6)} ns`],
    );
  }
  if (instruments.length > 0) rows.push(["Loaded besides, and slowing", instruments.join(", ")]);
  for (const leak of leaks) rows.push(["Leaked by the harness", { text: leak, tone: "bad" }]);
  return table({ title: "What measuring cost", header: ["", ""], rows });
}

function environmentTable({ environment, startedAt, durationMs }: RunResult): PageTable {
  return table({
    title: "Environment",
    header: ["", ""],
    rows: [
      ["Machine", `${environment.cpuCount} × ${environment.cpuModel}, ${gigabytes(environment.memoryBytes)}`],
      ["System", `${environment.platform} ${environment.architecture}, ${environment.kernel}`],
      ["Node", environment.nodeVersion.replace(/^v/, "")],
      ["Harness", environment.harnessVersion],
      ["Run", `${startedAt}, ${seconds(durationMs)} s`],
    ],
  });
}

/** The last two parts of a long path say enough. */
function shortPath(word: string): string {
  const parts = word.split("/");
  return parts.length > 3 ? `…/${parts.slice(-2).join("/")}` : word;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}

function grouped(value: number | string): string {
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}

function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(2);
}
