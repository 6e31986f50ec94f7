// The network part of summary.md: bytes by flow, payload by message type, bytes on the wire, connections.
import { payloadByType } from "../ledger/payload-by-type.ts";
import { wireLevels } from "../ledger/wire-levels.ts";
import { flowsOf } from "../result/byte-series.ts";
import { type FlowFigures, flowFigures, payloadLevels } from "../result/flow-figures.ts";
import type { Connection, RunResult } from "../result/result.ts";
import { escaped, table } from "../text/markdown.ts";
import { counted } from "../text/quantities.ts";

const MAX_CONNECTIONS = 100;

const WIRE_NOTE =
  "Bytes that the measured programs sent, each counted at its writer: TCP payload, IP and TCP headers, retransmitted payload. " +
  "A residual is the difference in bytes between a witness and the probe, over all connections and directions.";

type Direction = Connection["dialerToAcceptor"];

function flowRow({ label, ...figures }: FlowFigures): (string | number)[] {
  const { connections, dialerToAcceptor, acceptorToDialer, total, residual } = figures;
  return [label, connections, dialerToAcceptor, acceptorToDialer, total, residual ?? "–"];
}

export function flowsSection(result: RunResult): string {
  if (result.countsBytes === false) return "### Network\n\nBytes were not counted: the scenario omits it.\n";
  if (result.connections.length === 0) return "### Network\n\nNo connection was seen.\n";
  const { flows, total } = flowFigures(result);
  const rows = flows.map((flow) => flowRow({ ...flow, label: escaped(flow.label) }));
  rows.push(flowRow({ ...total, label: "**Total**" }));
  const header = ["Flow", "Connections", "Dialer → acceptor", "Acceptor → dialer", "Total", "Residual"];
  const note =
    "Bytes on the wire (ciphertext under TLS), each counted once. The residual is the number of bytes that one end wrote and the other did not read.";
  const relayed = result.connections.filter(({ proxy }) => proxy !== undefined).length;
  const witness = relayed > 0 ? `\n${relayed} of the connections went through a fault proxy.\n` : "";
  return `### Network\n\n${note}\n\n${table(header, rows)}${witness}`;
}

export function payloadSection(result: RunResult): string {
  const sockets = result.sockets.filter(({ messages }) => messages !== undefined);
  if (sockets.length === 0) return "";
  const labels = new Map(result.flows.map(({ name, label }) => [name, label]));
  const label = (flow: string) => escaped(labels.get(flow) ?? flow);
  const levels = [...new Set(sockets.map(({ flow }) => flow))].map((flow) => {
    const own = sockets.filter((socket) => socket.flow === flow);
    const { payload, overTls, tcp, residual } = payloadLevels(own);
    return [label(flow), payload, overTls, tcp, residual];
  });
  const types = payloadByType(sockets).map(({ flow, type, count, bytes }) => [
    label(flow),
    escaped(type),
    count,
    bytes,
  ]);
  const note =
    "Payload as the programs wrote it, the bytes that TLS added, and the resulting TCP payload. The residual is the difference between payload and TCP payload on plain connections.";
  return `### Byte ledger

${note}

${table(["Flow", "Payload", "TLS", "TCP payload", "Residual"], levels)}
<details><summary>Payload by message type</summary>

${table(["Flow", "Message", "Count", "Bytes"], types)}
</details>
`;
}

export function wireSection(result: RunResult): string {
  const isWitnessed = result.sockets.some(({ kernel, captured }) => kernel || captured);
  if (!isWitnessed) return captureLine(result);
  const rows = flowsOf(result).map(({ name, label }) => {
    const sockets = result.sockets.filter(({ flow }) => flow === name);
    const { from, payload, segments, headers, retransmitted, kernel, capture } = wireLevels(sockets);
    const witness = ({ sockets: seen, residual }: typeof kernel) =>
      seen === 0 ? "–" : `${residual} (${seen} of ${sockets.length} sockets)`;
    return [
      escaped(label),
      payload,
      ...(from
        ? [segments, headers, retransmitted, payload + headers + retransmitted]
        : ["–", "–", "–", "–"]),
      from ?? "–",
      witness(kernel),
      witness(capture),
    ];
  });
  const header = [
    "Flow",
    "TCP payload",
    "Segments",
    "Headers",
    "Retransmitted",
    "On the wire",
    "Witness",
    "Residual of kernel",
    "Residual of capture",
  ];
  return `### On the wire\n\n${WIRE_NOTE}\n\n${table(header, rows)}${captureLine(result)}`;
}

function captureLine({ capture }: RunResult): string {
  if (!capture || capture.problem) return "";
  const { packets, packetsDropped } = capture;
  return `\n[capture.pcapng](capture.pcapng) contains the packets of this run's ports, out of ${packets} TCP packets of the machine; ${packetsDropped} were dropped.\n`;
}

export function connectionsSection(result: RunResult): string {
  if (result.connections.length === 0) return "";
  const sockets = new Map(result.sockets.map((socket) => [socket.id, socket]));
  const labelOf = new Map(result.flows.map(({ name, label }) => [name, label]));
  const end = (id: string | null) => {
    const socket = sockets.get(id ?? "");
    return socket ? `${escaped(socket.processId)} :${socket.local.port}` : "not measured";
  };
  const rows = result.connections
    .slice(0, MAX_CONNECTIONS)
    .map((connection) => [
      escaped(labelOf.get(connection.flow) ?? connection.flow),
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
