// What a capture says of each TCP connection, as each of its two ends sees it. Pure; the packets come from tshark.

import type { MeasuredSocket } from "../result/result.ts";
import type { Observation } from "../witness/witness.ts";

type Endpoint = MeasuredSocket["local"];

/** The fields that tshark has to print of each packet, in this order. */
export const PACKET_FIELDS = [
  ...["tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport"],
  ...["ip.hdr_len", "tcp.hdr_len", "tcp.seq", "tcp.len"],
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

/** In the order in which they began, each twice: as its one end sees it, and as the other. */
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
    const isThere = (packet: Packet) => sameEnd(packet.from, from);
    const there = countOf(packets.filter(isThere));
    const back = countOf(packets.filter((packet) => !isThere(packet)));
    return [asSeenFrom(from, to, there, back), asSeenFrom(to, from, back, there)];
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

/** What was sent again, perhaps cut differently, counts once as payload. */
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
