// The tables of report.html about connections and their bytes.
import { payloadByType } from "../ledger/payload-by-type.ts";
import { flowFigures, payloadLevels } from "../result/flow-figures.ts";
import type { Connection, RunResult } from "../result/result.ts";
import { grouped } from "../text/quantities.ts";
import type { Cell, PageTable } from "./page-data.ts";
import { NOTHING, seconds, table } from "./table.ts";

export function flowsTable(result: RunResult): PageTable {
  const { flows, total } = flowFigures(result);
  return table({
    title: "Flows",
    note: "Bytes on the wire (ciphertext under TLS), each counted once. The residual is the number of bytes that one end wrote and the other did not read.",
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

export function ledgerTable({ sockets, flows }: RunResult): PageTable {
  const counted = sockets.filter(({ messages }) => messages !== undefined);
  return table({
    title: "Byte ledger",
    note: "Payload as the programs wrote it, the bytes that TLS added, and the resulting TCP payload.",
    header: ["Flow", "Payload", "TLS", "TCP payload", "Residual"],
    rows: [...new Set(counted.map(({ flow }) => flow))].map((flow) => {
      const levels = payloadLevels(counted.filter((socket) => socket.flow === flow));
      const { payload, overTls, tcp, residual } = levels;
      return [labelOf(flow, flows), payload, overTls, tcp, residualCell(residual)];
    }),
  });
}

export function messagesTable({ sockets, flows }: RunResult): PageTable {
  const counted = sockets.filter(({ messages }) => messages !== undefined);
  return table({
    title: "Message types",
    note: "Payload by message type, each byte counted at its writer.",
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

export function connectionsTable({ connections, sockets, flows }: RunResult): PageTable {
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
    note: "Each connection with its two ends: the bytes that one wrote and the other read.",
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
  const { residualBytes: forward } = dialerToAcceptor;
  const { residualBytes: backward } = acceptorToDialer;
  return forward === null && backward === null ? null : Math.abs(forward ?? 0) + Math.abs(backward ?? 0);
}

function residualCell(bytes: number | null): Cell {
  if (bytes === null) return NOTHING;
  return bytes === 0 ? bytes : { text: grouped(bytes), tone: "bad" };
}
