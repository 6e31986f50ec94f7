// The network's part of summary.md: what each flow and each connection carried, and whether both ends agree.

import type { Connection, RunResult } from "../result/result.ts";
import { escaped, table } from "../text/markdown.ts";
import { counted } from "../text/quantities.ts";
import { type FlowFigures, flowFigures } from "./flow-figures.ts";

const MOST_CONNECTIONS = 100;

type Direction = Connection["dialerToAcceptor"];

function flowRow({ label, ...figures }: FlowFigures): (string | number)[] {
  const { connections, dialerToAcceptor, acceptorToDialer, total, residual } = figures;
  return [label, connections, dialerToAcceptor, acceptorToDialer, total, residual ?? "–"];
}

export function flowsSection(result: RunResult): string {
  if (result.connections.length === 0) return "### Network\n\nNo connection was seen.\n";
  const { flows, total } = flowFigures(result);
  const rows = flows.map((flow) => flowRow({ ...flow, label: escaped(flow.label) }));
  rows.push(flowRow({ ...total, label: "**Total**" }));
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
  const count = counted(result.connections.length, "connection", "connections");
  return `<details><summary>${count}</summary>\n\n${table(header, rows)}${more}\n</details>\n`;
}

function directionCells(direction: Direction): (string | number)[] {
  return [direction.writtenBytes ?? "–", direction.readBytes ?? "–", direction.residualBytes ?? "–"];
}
