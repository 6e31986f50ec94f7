// What the kernel's report of a socket says of the wire: segments, headers and what was sent again. Pure.
import type { WireCount } from "../result/result.ts";
import type { SocketEnds } from "./witness.ts";

const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const TCP_HEADER_BYTES = 20;
/** With the padding that all systems give them. */
const TIMESTAMP_BYTES = 12;
/** Of a request to connect, what its options take beyond timestamps. */
const OPENING_OPTION_BYTES = 8;

/** What the kernel's structure of a socket holds, payload alone; as `ss` prints it and as bpftrace reads it. */
export interface KernelCounts {
  local: { address: string };
  bytesWritten: number;
  bytesRead: number;
  segmentsWritten: number;
  segmentsRead: number;
  retransmittedBytes: number;
  hasTimestamps: boolean;
}

export function wireCountOf(socket: KernelCounts, side: SocketEnds["side"]): WireCount {
  const { bytesWritten, bytesRead, segmentsWritten, segmentsRead, retransmittedBytes } = socket;
  const isIpv6 = socket.local.address.includes(":");
  const headerBytes =
    (isIpv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) +
    TCP_HEADER_BYTES +
    (socket.hasTimestamps ? TIMESTAMP_BYTES : 0);
  return {
    bytesWritten,
    bytesRead,
    segmentsWritten,
    segmentsRead,
    retransmittedBytes,
    headerBytes: segmentsWritten * headerBytes + (side === "dialer" ? OPENING_OPTION_BYTES : 0),
  };
}
