// What a line of `ss -tanpeiOH` says of one TCP socket. Pure. Only payload counts here: what was sent again is taken
// off what was sent, and the place in the sequence that the peer's end (FIN) takes, off what was received.

interface Endpoint {
  address: string;
  port: number;
}

export interface KernelSocket {
  state: string;
  local: Endpoint;
  /** Null for a socket that listens. */
  remote: Endpoint | null;
  /** Empty when no process holds it any more, or none that we may see. */
  pids: number[];
  /** The kernel's own name for the socket, never used again. */
  cookie: string;
  bytesWritten: number;
  bytesRead: number;
  /** For sure: one that is gone may have been reset instead, and then `bytesRead` lacks a byte. */
  sawPeerEnd: boolean;
  /** Without the answer to a request to connect, and what the kernel answers once the socket is gone. */
  segmentsWritten: number;
  segmentsRead: number;
  retransmittedBytes: number;
  hasTimestamps: boolean;
}

/** The peer's end was received in these. */
const PEER_ENDED = new Set(["CLOSE-WAIT", "LAST-ACK", "CLOSING"]);
/** Taken to have ended in order. One that nobody holds goes as soon as its own end is acknowledged, perhaps before the peer's. */
const GONE = new Set(["TIME-WAIT", "UNCONN"]);

/** Null for a line that tells of no socket. */
export function readSsLine(line: string): KernelSocket | null {
  const [state, , , local, remote] = line.trim().split(/\s+/);
  const cookie = line.match(/\bsk:(\w+)/)?.[1];
  const localEnd = readEndpoint(local);
  if (!state || !cookie || !localEnd) return null;
  const retransmittedBytes = counter(line, "bytes_retrans");
  const received = counter(line, "bytes_received");
  const sawPeerEnd = PEER_ENDED.has(state);
  return {
    state,
    local: localEnd,
    remote: readEndpoint(remote),
    pids: [...line.matchAll(/\bpid=(\d+)/g)].map(([, pid]) => Number(pid)),
    cookie,
    bytesWritten: counter(line, "bytes_sent") - retransmittedBytes,
    bytesRead: Math.max(0, received - (sawPeerEnd || GONE.has(state) ? 1 : 0)),
    sawPeerEnd,
    segmentsWritten: counter(line, "segs_out"),
    segmentsRead: counter(line, "segs_in"),
    retransmittedBytes,
    hasTimestamps: /\bts\b/.test(line),
  };
}

function counter(line: string, name: string): number {
  return Number(line.match(new RegExp(`\\b${name}:(\\d+)`))?.[1] ?? 0);
}

/** `127.0.0.1:80`, `[::1]:80`, `[::ffff:127.0.0.1]:80`, `10.0.0.1%eth0:80`; null for `*:*`. */
function readEndpoint(text = ""): Endpoint | null {
  const parts = text.match(/^\[?(?:::ffff:(?=\d+\.))?([^\]%]*)(?:%[^\]]*)?\]?(?:%[^:]*)?:(\d+)$/);
  return parts ? { address: parts[1]!, port: Number(parts[2]) } : null;
}
