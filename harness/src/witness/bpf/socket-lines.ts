// What a line of the bpftrace program in socket-program.ts says. Pure. Times are nanoseconds of the monotonic clock.

export interface Endpoint {
  address: string;
  port: number;
}

interface OfSocket {
  timeNs: number;
  /** The address of the kernel's structure, used again for another socket once this one is closed. */
  pointer: string;
  /** The cgroup in which the socket was made. */
  cgroupId: number;
  /** Who was running; the owner only of a socket that begins to listen or to dial. */
  pid: number;
}

interface Ends {
  oldState: number;
  local: Endpoint;
  remote: Endpoint;
}

export type SocketLine =
  | ({ kind: "state"; newState: number } & OfSocket & Ends)
  | ({
      kind: "close";
      bytesWritten: number;
      bytesRead: number;
      retransmittedBytes: number;
      segmentsWritten: number;
      segmentsRead: number;
      hasTimestamps: boolean;
      sawPeerEnd: boolean;
    } & OfSocket &
      Ends)
  /** Open since before the watch began. */
  | ({ kind: "found" } & OfSocket)
  | { kind: "tick"; timeNs: number }
  /** A counter of an open socket at its last use in that interval. `lifeNs` is when it was opened or found. */
  | {
      kind: "counter";
      counter: "written" | "read";
      pointer: string;
      lifeNs: number;
      interval: number;
      bytes: number;
    }
  /** Since the tick before. */
  | {
      kind: "udp";
      direction: "written" | "read";
      unit: "bytes" | "datagrams";
      cgroupId: number;
      pid: number;
      count: number;
    }
  /** A program connects or listens there; empty for a name that is no path. */
  | { kind: "unix"; call: "connect" | "bind"; cgroupId: number; path: string }
  | { kind: "lost"; count: number };

const COUNTER = /^@(written|read)\[0x([0-9a-f]+), (\d+), (\d+)\]: (\d+)$/;
const SUM = /^@udp_(send|recv)_(bytes|count)\[(\d+), (\d+)\]: (\d+)$/;
const UNIX = /^unix (connect|bind) (\d+) (.*)$/;
const LOST = /^Lost (\d+) events$/;

/** Null for a line that says nothing. */
export function readSocketLine(line: string): SocketLine | null {
  if (line.startsWith("@")) return readCounter(line) ?? readSum(line);
  const words = line.split(" ");
  if (words[0] === "state" && words.length === 11) return readState(words);
  if (words[0] === "close" && words.length === 17) return readClose(words);
  if (words[0] === "found" && words.length === 5) return { kind: "found", ...ofSocket(words) };
  if (words[0] === "tick") return { kind: "tick", timeNs: Number(words[1]) };
  const unix = UNIX.exec(line);
  if (unix)
    return { kind: "unix", call: unix[1] as "connect" | "bind", cgroupId: Number(unix[2]), path: unix[3]! };
  const lost = LOST.exec(line);
  return lost ? { kind: "lost", count: Number(lost[1]) } : null;
}

function readState(words: string[]): SocketLine {
  const [oldState, newState, ...ends] = words.slice(5);
  return {
    kind: "state",
    ...ofSocket(words),
    oldState: Number(oldState),
    newState: Number(newState),
    ...readEnds(ends),
  };
}

function readClose(words: string[]): SocketLine {
  const [oldState, ...rest] = words.slice(5);
  const [written, received, retransmitted, segmentsOut, segmentsIn, timestamps, peerEnded] = rest
    .slice(4)
    .map(Number) as [number, number, number, number, number, number, number];
  return {
    kind: "close",
    ...ofSocket(words),
    oldState: Number(oldState),
    ...readEnds(rest),
    bytesWritten: written,
    // The kernel gives the peer's FIN a place in the sequence.
    bytesRead: received - peerEnded,
    retransmittedBytes: retransmitted,
    segmentsWritten: segmentsOut,
    segmentsRead: segmentsIn,
    hasTimestamps: timestamps === 1,
    sawPeerEnd: peerEnded === 1,
  };
}

function ofSocket([, timeNs, pointer, cgroupId, pid]: string[]): OfSocket {
  return { timeNs: Number(timeNs), pointer: pointer!, cgroupId: Number(cgroupId), pid: Number(pid) };
}

function readEnds([local, localPort, remote, remotePort]: string[]): Omit<Ends, "oldState"> {
  return {
    local: { address: plainAddress(local!), port: Number(localPort) },
    remote: { address: plainAddress(remote!), port: Number(remotePort) },
  };
}

/** An IPv4 address that is mapped into IPv6 is that IPv4 address. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/, "");
}

function readCounter(line: string): SocketLine | null {
  const found = COUNTER.exec(line);
  if (!found) return null;
  const [, counter, pointer, lifeNs, interval, bytes] = found;
  return {
    kind: "counter",
    counter: counter as "written" | "read",
    pointer: pointer!,
    lifeNs: Number(lifeNs),
    interval: Number(interval),
    bytes: Number(bytes),
  };
}

function readSum(line: string): SocketLine | null {
  const found = SUM.exec(line);
  if (!found) return null;
  const [, direction, unit, cgroupId, pid, count] = found;
  return {
    kind: "udp",
    direction: direction === "send" ? "written" : "read",
    unit: unit === "bytes" ? "bytes" : "datagrams",
    cgroupId: Number(cgroupId),
    pid: Number(pid),
    count: Number(count),
  };
}
