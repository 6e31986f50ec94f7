// Reads from captured packets what each end of each TCP connection sent and received. Pure; the packets come from tshark.

import type { MeasuredSocket } from "../result/result.ts";
import type { Observation } from "../witness/witness.ts";

type Endpoint = MeasuredSocket["local"];

/** The fields of each packet that tshark must print, in this order. */
export const PACKET_FIELDS = [
  "tcp.stream",
  "ip.src",
  "ipv6.src",
  "tcp.srcport",
  "ip.dst",
  "ipv6.dst",
  "tcp.dstport",
  "ip.hdr_len",
  "tcp.hdr_len",
  "tcp.seq",
  "tcp.len",
];
const IPV6_HEADER_BYTES = 40;

interface Packet {
  stream: string;
  from: Endpoint;
  to: Endpoint;
  headerBytes: number;
  start: number;
  end: number;
}

/** Two observations for each connection, one for each end, in the order in which the connections began. */
export function observedStreams(lines: Iterable<string>): Observation[] {
  const streams = new Map<string, Packet[]>();
  for (const line of lines) {
    const packet = readPacket(line);
    if (!packet) continue;
    const packets = streams.get(packet.stream);
    if (packets) packets.push(packet);
    else streams.set(packet.stream, [packet]);
  }
  return [...streams.values()].flatMap((packets) => {
    const { from, to } = packets[0]!;
    const isForward = (packet: Packet) => sameEnd(packet.from, from);
    const forward = countOf(packets.filter(isForward));
    const backward = countOf(packets.filter((packet) => !isForward(packet)));
    return [asSeenFrom(from, to, forward, backward), asSeenFrom(to, from, backward, forward)];
  });
}

type Count = ReturnType<typeof countOf>;

function asSeenFrom(local: Endpoint, remote: Endpoint, written: Count, read: Count): Observation {
  return {
    local,
    remote,
    count: {
      bytesWritten: written.bytes,
      bytesRead: read.bytes,
      segmentsWritten: written.segments,
      segmentsRead: read.segments,
      headerBytes: written.headerBytes,
      retransmittedBytes: written.retransmittedBytes,
    },
    isReadExact: true,
  };
}

/** Retransmitted bytes count once as payload, also when they come in other segments. */
function countOf(packets: readonly Packet[]) {
  const count = { bytes: 0, segments: packets.length, headerBytes: 0, retransmittedBytes: 0 };
  let seenUntil = 0;
  for (const { start, end, headerBytes } of packets.toSorted((one, other) => one.start - other.start)) {
    const fresh = Math.max(0, end - Math.max(start, seenUntil));
    count.bytes += fresh;
    count.retransmittedBytes += end - start - fresh;
    count.headerBytes += headerBytes;
    seenUntil = Math.max(seenUntil, end);
  }
  return count;
}

function readPacket(line: string): Packet | null {
  const [stream, source4, source6, fromPort, target4, target6, toPort, ipHeader, tcpHeader, start, length] =
    line.split("\t");
  if (!stream || !fromPort || !toPort) return null;
  return {
    stream,
    from: { address: source4 || source6 || "", port: Number(fromPort) },
    to: { address: target4 || target6 || "", port: Number(toPort) },
    headerBytes: (ipHeader ? Number(ipHeader) : IPV6_HEADER_BYTES) + Number(tcpHeader),
    start: Number(start),
    end: Number(start) + Number(length),
  };
}

function sameEnd(one: Endpoint, other: Endpoint): boolean {
  return one.port === other.port && one.address === other.address;
}
