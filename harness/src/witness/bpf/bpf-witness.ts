// The kernel as a witness, through bpftrace: every TCP socket of a run's programs, in any language and any network
// namespace, to the byte, however short it lived. A socket belongs to the program in whose control group it was made.
// Needs root, and a kernel that shows its tracepoints.
import { setTimeout as delay } from "node:timers/promises";
import type { Warning } from "../../result/result.ts";
import { cpuTimeMs } from "../../samplers/thread-times.ts";
import { counted } from "../../text/quantities.ts";
import type { SocketRecord } from "../socket-record.ts";
import { wireCountOf } from "../wire-count.ts";
import type { ByteTotals, KernelWitness, Observation } from "../witness.ts";
import { type KernelSocket, SocketHistory } from "./socket-history.ts";
import type { SocketLine } from "./socket-lines.ts";
import { intervalNsOf } from "./socket-program.ts";
import type { SocketTrace } from "./trace-sockets.ts";
import { UnixSockets } from "./unix-sockets.ts";

const NS_IN_MS = 1e6;
/** How long the kernel may take to end the sockets of processes that are gone. */
const LAST_ENDS_MS = 400;
const LOOK_EVERY_MS = 20;

/** By the kernel's number of a control group; undefined for one that is not of this run. */
type ProgramOf = (groupId: number) => string | undefined;

export class BpfWitness implements KernelWitness {
  readonly name = "kernel";
  readonly #programOfGroup: ProgramOf;
  readonly #history: SocketHistory;
  /** The run's time 0 on the kernel's clock. */
  #originNs = 0;
  #trace: SocketTrace | undefined;
  #endedEarly: string | null = null;
  readonly #unix: UnixSockets;
  /** By program id, both directions together. */
  readonly #udp = new Map<string, { bytes: number; datagrams: number }>();

  constructor(programOf: ProgramOf, intervalMs: number) {
    this.#programOfGroup = programOf;
    this.#unix = new UnixSockets(programOf);
    const isOfRun = (groupId: number) => programOf(groupId) !== undefined;
    this.#history = new SocketHistory(isOfRun, intervalNsOf(intervalMs));
  }

  hear(line: SocketLine): void {
    if (line.kind === "udp") this.#addDatagrams(line);
    else if (line.kind === "unix") this.#unix.add(line);
    else this.#history.add(line);
  }

  /** From here on it counts for a run with that clock, in milliseconds. */
  begin(trace: SocketTrace, nowMs: () => number): this {
    this.#trace = trace;
    this.#originNs = Number(process.hrtime.bigint()) - nowMs() * NS_IN_MS;
    return this;
  }

  cpuTimeMs(): number | null {
    return this.#trace ? cpuTimeMs(this.#trace.pid) : null;
  }

  /** Its control group names the program: nothing else is needed. */
  async watch(): Promise<null> {
    return null;
  }

  /** It is told of bytes by the kernel, at every interval. */
  async look(): Promise<void> {}

  totals(): Map<string, ByteTotals> {
    const totals = new Map<string, ByteTotals>();
    for (const socket of this.#history.sockets) {
      const id = this.#programOf(socket);
      const { bytesWritten, bytesRead } = totals.get(id) ?? { bytesWritten: 0, bytesRead: 0 };
      totals.set(id, {
        bytesWritten: bytesWritten + socket.bytesWritten,
        bytesRead: bytesRead + socket.bytesRead,
      });
    }
    return totals;
  }

  async finish(): Promise<SocketRecord[]> {
    await this.#stop();
    return this.#history.sockets.map((socket, index) => this.#recordOf(socket, index + 1));
  }

  async observe(): Promise<Observation[]> {
    await this.#stop();
    return this.#history.sockets.flatMap((socket) => {
      const { local, remote, side } = socket;
      if (!socket.segments) return [];
      return [
        { local, remote, count: wireCountOf({ ...socket, ...socket.segments }, side), isReadExact: true },
      ];
    });
  }

  losses(): Warning[] {
    const { lostLines } = this.#history;
    const lost = {
      cause: `bpftrace lost ${lostLines} events`,
      remedy: "Sockets or bytes may be missing: open fewer connections at a time.",
    };
    const ended = {
      cause: `bpftrace ended before the run did: ${this.#endedEarly}`,
      remedy: "What came later is missing: repeat the run.",
    };
    const uncounted = [...this.#udp].map(([id, { bytes, datagrams }]) => ({
      cause: `${id} sent and received ${counted(datagrams, "UDP datagram", "UDP datagrams")} with ${counted(bytes, "byte", "bytes")}, not counted`,
      remedy: "They are in no chart and no check: only TCP is counted.",
    }));
    return [
      ...uncounted,
      ...this.#unix.warnings(),
      ...(lostLines > 0 ? [lost] : []),
      ...(this.#endedEarly ? [ended] : []),
    ];
  }

  async close(): Promise<void> {
    await this.#stop();
  }

  async #stop(): Promise<void> {
    if (!this.#trace) return;
    const trace = this.#trace;
    this.#trace = undefined;
    const untilMs = performance.now() + LAST_ENDS_MS;
    while (this.#history.openCount > 0 && performance.now() < untilMs) await delay(LOOK_EVERY_MS);
    this.#endedEarly = await trace.stop();
    this.#history.finish();
  }

  #addDatagrams({ cgroupId, unit, count }: Extract<SocketLine, { kind: "udp" }>): void {
    const id = this.#programOfGroup(cgroupId);
    if (id === undefined) return;
    const sums = this.#udp.get(id) ?? { bytes: 0, datagrams: 0 };
    sums[unit] += count;
    this.#udp.set(id, sums);
  }

  #programOf({ cgroupId }: KernelSocket): string {
    return this.#programOfGroup(cgroupId)!;
  }

  #recordOf(socket: KernelSocket, number: number): SocketRecord {
    const { pid, side, local, remote, sawPeerEnd, bytesWritten, bytesRead } = socket;
    return {
      processId: this.#programOf(socket),
      pid,
      number,
      side,
      isTls: false,
      local,
      remote,
      openedAtMs: this.#timeMs(socket.openedNs),
      closedAtMs: socket.closedNs === null ? null : this.#timeMs(socket.closedNs),
      end: socket.closedNs === null ? "open" : socket.isReset ? "reset" : "fin",
      sawPeerEnd,
      bytesWritten,
      bytesRead,
      samples: socket.samples.map(({ timeNs, ...sums }) => ({ timeMs: this.#timeMs(timeNs), ...sums })),
      firstLinesWritten: [],
      firstLinesRead: [],
    };
  }

  #timeMs(timeNs: number): number {
    return Math.max(0, (timeNs - this.#originNs) / NS_IN_MS);
  }
}
