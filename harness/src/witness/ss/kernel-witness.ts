// What the kernel counted of every TCP socket that went away during a run, this machine's others included: lines are
// only kept meanwhile, and read when it is known whose matter.
import { setTimeout as delay } from "node:timers/promises";
import type { MeasuredSocket } from "../../result/result.ts";
import { addressKey } from "../addresses.ts";
import type { Observation } from "../observation.ts";
import { watchDestroyedSockets } from "./destroyed-sockets.ts";
import { type KernelSocket, readSsLine } from "./ss-lines.ts";

const LOOK_EVERY_MS = 20;
const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const TCP_HEADER_BYTES = 20;
/** With the padding that all systems give them. */
const TIMESTAMP_BYTES = 12;
/** Of a request to connect, what its options take beyond timestamps. */
const OPENING_OPTION_BYTES = 8;

type Ends = Pick<MeasuredSocket, "local" | "remote" | "side">;

export interface KernelWitness {
  /** Waits at most so long for the last word on each of these, and ends the watch. */
  finish(sockets: readonly Ends[], withinMs: number): Promise<Observation[]>;
}

export function watchKernelWitness(): KernelWitness {
  let lines: string[] = [];
  const events = watchDestroyedSockets((line) => lines.push(line));
  return {
    async finish(sockets, withinMs) {
      const sides = new Map(sockets.map((socket) => [endsKey(socket), socket.side]));
      const missing = new Map<string, number>();
      for (const socket of sockets) missing.set(endsKey(socket), (missing.get(endsKey(socket)) ?? 0) + 1);
      const observed: Observation[] = [];
      for (let waitedMs = 0; ; waitedMs += LOOK_EVERY_MS) {
        for (const socket of lines.flatMap((line) => readSsLine(line) ?? [])) {
          const { local, remote } = socket;
          const side = remote && sides.get(endsKey({ local, remote }));
          if (!remote || !side) continue;
          observed.push({ local, remote, count: countOf(socket, side) });
          const key = endsKey({ local, remote });
          missing.set(key, (missing.get(key) ?? 0) - 1);
        }
        lines = [];
        if (waitedMs >= withinMs || [...missing.values()].every((count) => count <= 0)) break;
        await delay(LOOK_EVERY_MS);
      }
      await events.stop();
      return observed;
    },
  };
}

function countOf(socket: KernelSocket, side: Ends["side"]) {
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

function endsKey({ local, remote }: Omit<Ends, "side">): string {
  return addressKey(local, remote);
}
