// From TCP payload to bytes on the wire, and how much probe, kernel and capture differ. Each byte counts at its writer.
// Pure.
import type { MeasuredSocket, WireCount } from "../result/result.ts";

export interface WireLevels {
  /** The witness of segments and headers; null if neither saw all sockets. */
  from: "capture" | "kernel" | null;
  payload: number;
  segments: number;
  headers: number;
  retransmitted: number;
  /** How many of the sockets the witness saw, and how many bytes it counted differently from the probe. */
  kernel: Witnessed;
  capture: Witnessed;
}

interface Witnessed {
  sockets: number;
  residual: number;
}

/** A capture's figures are exact; the kernel's lack the SYN-ACK. */
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

/** Bytes read are compared only if the connection ended in order: only then did the program read everything. */
function residualOf({ bytesWritten, bytesRead, end }: MeasuredSocket, count: WireCount): number {
  const unread = end === "fin" && count.bytesRead !== null ? Math.abs(bytesRead - count.bytesRead) : 0;
  return Math.abs(bytesWritten - count.bytesWritten) + unread;
}
