// From TCP payload to what is on the wire, and how far probe, kernel and capture are apart. Pure. Each byte counts at
// its writer.
import type { MeasuredSocket, WireCount } from "../result/result.ts";

export interface WireLevels {
  /** Whose figures of segments and headers these are; null where neither saw all of the sockets. */
  from: "capture" | "kernel" | null;
  payload: number;
  segments: number;
  headers: number;
  retransmitted: number;
  /** Of the sockets, how many the witness saw, and what it counted otherwise than the probe did. */
  kernel: Witnessed;
  capture: Witnessed;
}

interface Witnessed {
  sockets: number;
  residual: number;
}

/** The capture's are exact; the kernel's lack the answer to a request to connect. */
export function wireLevels(sockets: readonly MeasuredSocket[]): WireLevels {
  const kernel = witnessed(sockets, ({ kernel }) => kernel);
  const capture = witnessed(sockets, ({ captured }) => captured);
  const isCaptured = sockets.length > 0 && capture.sockets === sockets.length;
  const counts = sockets.flatMap((socket) => (isCaptured ? socket.captured : socket.kernel) ?? []);
  const sum = (figure: Exclude<keyof WireCount, "bytesRead">) =>
    counts.reduce((total, count) => total + count[figure], 0);
  return {
    from: isCaptured ? "capture" : sockets.length > 0 && kernel.sockets === sockets.length ? "kernel" : null,
    payload: sockets.reduce((total, { bytesWritten }) => total + bytesWritten, 0),
    segments: sum("segmentsWritten"),
    headers: sum("headerBytes"),
    retransmitted: sum("retransmittedBytes"),
    kernel,
    capture,
  };
}

function witnessed(
  sockets: readonly MeasuredSocket[],
  of: (socket: MeasuredSocket) => WireCount | undefined,
): Witnessed {
  const result = { sockets: 0, residual: 0 };
  for (const socket of sockets) {
    const count = of(socket);
    if (!count) continue;
    result.sockets += 1;
    result.residual += residualOf(socket, count);
  }
  return result;
}

/** What came is compared where the connection ended in order: only then did the program read all that came. */
function residualOf({ bytesWritten, bytesRead, end }: MeasuredSocket, count: WireCount): number {
  const unread = end === "fin" && count.bytesRead !== null ? Math.abs(bytesRead - count.bytesRead) : 0;
  return Math.abs(bytesWritten - count.bytesWritten) + unread;
}
