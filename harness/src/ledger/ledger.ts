// Joins the records of the two ends of each connection: finds its flow, and compares for each direction the bytes that
// one end wrote with those that the other end read. Pure.
import type { Relayed } from "../fault-proxy/relayed-connection.ts";
import type { Connection, MeasuredSocket } from "../result/result.ts";
import type { Flow } from "../scenario/scenario.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import { classify } from "./classify.ts";
import { conversationOf } from "./conversation.ts";
import { pairEnds, relaysOf } from "./pair-ends.ts";

export interface Ledger {
  sockets: MeasuredSocket[];
  connections: Connection[];
}

interface Direction {
  writtenBytes: number | null;
  readBytes: number | null;
  residualBytes: number | null;
}

export function buildLedger(
  records: SocketRecord[],
  flows: Flow[],
  relayed: readonly Relayed[] = [],
  routine?: RegExp,
): Ledger {
  const inOrder = [...records].sort((a, b) => a.openedAtMs - b.openedAtMs);
  const idOf = nameSockets(inOrder);
  const socketOf = new Map<SocketRecord, MeasuredSocket>();
  const connections: Connection[] = [];

  const relays = relaysOf(inOrder, relayed);
  for (const { dialer, acceptor } of pairEnds(inOrder, relays)) {
    const { flow, isTls } = classify({ dialer, acceptor }, flows);
    const dialerToAcceptor = direction(dialer, acceptor);
    const acceptorToDialer = direction(acceptor, dialer);
    const ends = [
      { record: dialer, peer: acceptor, incoming: acceptorToDialer },
      { record: acceptor, peer: dialer, incoming: dialerToAcceptor },
    ];
    const ownEnds: MeasuredSocket["end"][] = [];
    for (const { record, peer, incoming } of ends) {
      if (record === undefined) continue;
      const end = endOf(record, peer, incoming);
      ownEnds.push(end);
      socketOf.set(record, toSocket(record, idOf.get(record)!, flow, isTls, end));
    }
    connections.push({
      flow,
      dialerSocketId: dialer === undefined ? null : idOf.get(dialer)!,
      acceptorSocketId: acceptor === undefined ? null : idOf.get(acceptor)!,
      end: worst(ownEnds),
      dialerToAcceptor,
      acceptorToDialer,
      proxy: proxyCounts(relays.get(dialer ?? acceptor!)),
      ...conversationOf({ dialer, acceptor }, isTls, routine),
    });
  }
  return { sockets: inOrder.map((record) => socketOf.get(record)!), connections };
}

function proxyCounts(relayed: Relayed | undefined): Connection["proxy"] {
  if (!relayed) return undefined;
  const { proxyId: id, dialerToAcceptor, acceptorToDialer } = relayed;
  return { id, dialerToAcceptor, acceptorToDialer };
}

function direction(writer: SocketRecord | undefined, reader: SocketRecord | undefined): Direction {
  const writtenBytes = writer?.bytesWritten ?? null;
  const readBytes = reader?.bytesRead ?? null;
  const isMeasured = writtenBytes !== null && readBytes !== null;
  return { writtenBytes, readBytes, residualBytes: isMeasured ? writtenBytes - readBytes : null };
}

/**
 * An end that closed before it read the peer's end cannot know whether more data was on its way. If the peer also closed
 * in order but wrote more than was read, the kernel discarded the rest and answered with a reset.
 */
function endOf(
  record: SocketRecord,
  peer: SocketRecord | undefined,
  incoming: Direction,
): MeasuredSocket["end"] {
  const isUncertain = record.end === "fin" && !record.sawPeerEnd && peer?.end === "fin";
  return isUncertain && incoming.residualBytes !== 0 ? "reset" : record.end;
}

/** The end of a connection is the worse of its two ends. */
function worst(ends: MeasuredSocket["end"][]): MeasuredSocket["end"] {
  const order: MeasuredSocket["end"][] = ["killed", "reset", "open", "fin"];
  return order.find((end) => ends.includes(end)) ?? "open";
}

function nameSockets(records: SocketRecord[]): Map<SocketRecord, string> {
  const counts = new Map<string, number>();
  const names = new Map<SocketRecord, string>();
  for (const record of records) {
    const count = (counts.get(record.processId) ?? 0) + 1;
    counts.set(record.processId, count);
    names.set(record, `${record.processId}#${count}`);
  }
  return names;
}

function toSocket(
  record: SocketRecord,
  id: string,
  flow: string,
  isTls: boolean,
  end: MeasuredSocket["end"],
): MeasuredSocket {
  return {
    id,
    processId: record.processId,
    flow,
    side: record.side,
    isTls,
    local: record.local,
    remote: record.remote,
    openedAtMs: record.openedAtMs,
    closedAtMs: record.closedAtMs,
    end,
    bytesWritten: record.bytesWritten,
    bytesRead: record.bytesRead,
    samples: record.samples,
    messages: record.messages,
    kernel: record.kernel,
    captured: record.captured,
  };
}
