// The network's part of summary.md: what each flow and each connection carried, and whether both ends agree.
import { flowsOf } from "../charts/bytes-series.ts";
import type { Connection, RunResult } from "../result.ts";
import { escaped, table } from "./markdown.ts";

const MOST_CONNECTIONS = 100;

type Direction = Connection["dialerToAcceptor"];

/** The writer's count; the reader's where the writer was not measured. */
function carried(direction: Direction): number {
  return direction.writtenBytes ?? direction.readBytes ?? 0;
}

function total(connections: Connection[], bytes: (connection: Connection) => number): number {
  return connections.reduce((sum, connection) => sum + bytes(connection), 0);
}

/** How far the two ends disagree; null if no connection was measured at both. */
function residual(connections: Connection[]): number | null {
  const known = connections
    .flatMap((connection) => [
      connection.dialerToAcceptor.residualBytes,
      connection.acceptorToDialer.residualBytes,
    ])
    .filter((bytes) => bytes !== null);
  return known.length === 0 ? null : known.reduce((sum, bytes) => sum + Math.abs(bytes), 0);
}

function flowRow(label: string, connections: Connection[]): (string | number)[] {
  const there = total(connections, (connection) => carried(connection.dialerToAcceptor));
  const back = total(connections, (connection) => carried(connection.acceptorToDialer));
  return [label, connections.length, there, back, there + back, residual(connections) ?? "–"];
}

export function flowsSection(result: RunResult): string {
  if (result.connections.length === 0) return "### Network\n\nNo connection was seen.\n";
  const rows = flowsOf(result).map((flow) =>
    flowRow(
      escaped(flow.label),
      result.connections.filter((connection) => connection.flow === flow.name),
    ),
  );
  rows.push(flowRow("**Total**", result.connections));
  const header = ["Flow", "Connections", "Dialer → acceptor", "Acceptor → dialer", "Total", "Residual"];
  const note =
    "Bytes on the wire (under TLS the ciphertext), each counted once. The residual is what one end wrote and the other did not read.";
  const relayed = result.connections.filter(({ proxy }) => proxy !== undefined).length;
  const witness = relayed > 0 ? `\n${relayed} of the connections went through a fault proxy.\n` : "";
  return `### Network\n\n${note}\n\n${table(header, rows)}${witness}`;
}

export function connectionsSection(result: RunResult): string {
  if (result.connections.length === 0) return "";
  const sockets = new Map(result.sockets.map((socket) => [socket.id, socket]));
  const end = (id: string | null) => {
    const socket = sockets.get(id ?? "");
    return socket ? `${escaped(socket.processId)} :${socket.local.port}` : "not measured";
  };
  const rows = result.connections
    .slice(0, MOST_CONNECTIONS)
    .map((connection) => [
      escaped(connection.flow),
      end(connection.dialerSocketId),
      end(connection.acceptorSocketId),
      connection.end,
      ...directionCells(connection.dialerToAcceptor),
      ...directionCells(connection.acceptorToDialer),
    ]);
  const header = [
    "Flow",
    "Dialer",
    "Acceptor",
    "End",
    "→ written",
    "→ read",
    "→ residual",
    "← written",
    "← read",
    "← residual",
  ];
  const hidden = result.connections.length - rows.length;
  const more = hidden > 0 ? `\n${hidden} more are in result.json.\n` : "";
  return `<details><summary>${result.connections.length} connections</summary>\n\n${table(header, rows)}${more}\n</details>\n`;
}

function directionCells(direction: Direction): (string | number)[] {
  return [direction.writtenBytes ?? "–", direction.readBytes ?? "–", direction.residualBytes ?? "–"];
}
