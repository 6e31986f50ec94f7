// From the kernel's lines to sockets: which were there, whose, from when to when, and what each carried. Pure but for
// what it remembers. Lines of different processors may come in another order than they happened: they are sorted
// within a short window before they count.
import type { Endpoint, SocketLine } from "./socket-lines.ts";

export interface KernelSocket {
  cgroupId: number;
  /** Of the process that dialled or listened, as far as is known. */
  pid: number;
  side: "dialer" | "acceptor";
  local: Endpoint;
  remote: Endpoint;
  openedNs: number;
  closedNs: number | null;
  isReset: boolean;
  sawPeerEnd: boolean;
  bytesWritten: number;
  bytesRead: number;
  /** Null while the socket is open. */
  segments: {
    segmentsWritten: number;
    segmentsRead: number;
    retransmittedBytes: number;
    hasTimestamps: boolean;
  } | null;
  /** Sums since it was opened, at each tick in which it carried something, and at its end. */
  samples: { timeNs: number; bytesWritten: number; bytesRead: number }[];
}

interface Life {
  pid: number;
  cgroupId: number;
  openedNs: number;
  side: KernelSocket["side"];
  socket: KernelSocket | null;
  counters: { written: number; read: number };
}

type TimedLine = Extract<SocketLine, { kind: "state" | "close" | "found" }>;

const STATE = {
  established: 1,
  synSent: 2,
  synReceived: 3,
  finWait2: 5,
  close: 7,
  lastAck: 9,
  listen: 10,
  closing: 11,
};
/** A socket whose last state is one of these was ended by both sides, in order. */
const ENDED_IN_ORDER = new Set([STATE.finWait2, STATE.lastAck, STATE.closing]);

export class SocketHistory {
  readonly sockets: KernelSocket[] = [];
  lostLines = 0;
  readonly #lives = new Map<string, Life>();
  readonly #listeners = new Map<string, { pid: number; cgroupId: number }>();
  #waiting: TimedLine[] = [];
  #counters: Extract<SocketLine, { kind: "counter" }>[] = [];
  readonly #isWatched: (cgroupId: number) => boolean;
  readonly #intervalNs: number;
  #tickNs = 0;

  /** `intervalNs`: of those to which the kernel's program assigns bytes. */
  constructor(isWatched: (cgroupId: number) => boolean, intervalNs: number) {
    this.#isWatched = isWatched;
    this.#intervalNs = intervalNs;
  }

  add(line: SocketLine): void {
    if (line.kind === "lost") this.lostLines += line.count;
    else if (line.kind === "tick") this.#onTick(line.timeNs);
    else if (line.kind === "counter") this.#counters.push(line);
    else if (line.kind !== "udp" && line.kind !== "unix" && this.#isWatched(line.cgroupId))
      this.#waiting.push(line);
  }

  /** Sockets that were not closed yet, as far as has been printed. */
  get openCount(): number {
    const closing = this.#waiting.filter(({ kind }) => kind === "close").length;
    const opening = this.#waiting.filter(
      (line) => line.kind === "state" && line.newState === STATE.established,
    ).length;
    return this.#lives.size + opening - closing;
  }

  /** After the last line. */
  finish(): void {
    this.#settle(Number.POSITIVE_INFINITY);
    this.#count();
  }

  /** Lines from before the last tick are complete when the next one comes. */
  #onTick(timeNs: number): void {
    this.#settle(this.#tickNs);
    this.#count();
    this.#tickNs = timeNs;
  }

  #settle(untilNs: number): void {
    const due = this.#waiting.filter(({ timeNs }) => timeNs <= untilNs);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ timeNs }) => timeNs > untilNs);
    for (const line of due.sort((one, other) => one.timeNs - other.timeNs)) this.#take(line);
  }

  #take(line: TimedLine): void {
    if (line.kind === "found") this.#lives.set(line.pointer, newLife(line, "dialer"));
    else if (line.kind === "close") this.#close(line);
    else if (line.newState === STATE.listen) this.#listeners.set(endKey(line.local), line);
    else if (line.newState === STATE.synSent) this.#lives.set(line.pointer, newLife(line, "dialer"));
    else this.#establish(line);
  }

  #establish(line: Extract<TimedLine, { kind: "state" }>): void {
    const isAccepted = line.oldState === STATE.synReceived;
    const listener = isAccepted ? this.#listenerOf(line.local) : undefined;
    const dialled = isAccepted ? undefined : this.#lives.get(line.pointer);
    const pid = listener?.pid ?? dialled?.pid ?? 0;
    const life = { ...newLife(line, isAccepted ? "acceptor" : "dialer"), pid };
    life.openedNs = dialled?.openedNs ?? line.timeNs;
    this.#lives.set(line.pointer, life);
    this.#open(life, line);
  }

  #close(line: Extract<TimedLine, { kind: "close" }>): void {
    const life = this.#lives.get(line.pointer);
    this.#lives.delete(line.pointer);
    // A listener, or an attempt that no one answered.
    if (line.remote.port === 0 || line.oldState === STATE.synSent || line.oldState === STATE.listen) return;
    const side = this.#listenerOf(line.local) ? "acceptor" : "dialer";
    const socket = life?.socket ?? this.#open(life ?? newLife(line, side), line);
    const { bytesWritten, bytesRead, timeNs } = line;
    Object.assign(socket, {
      closedNs: timeNs,
      isReset: !ENDED_IN_ORDER.has(line.oldState),
      sawPeerEnd: line.sawPeerEnd,
      bytesWritten,
      bytesRead,
      segments: {
        segmentsWritten: line.segmentsWritten,
        segmentsRead: line.segmentsRead,
        retransmittedBytes: line.retransmittedBytes,
        hasTimestamps: line.hasTimestamps,
      },
    });
    socket.samples = socket.samples.filter((sample) => sample.timeNs < timeNs);
    const last = socket.samples.at(-1);
    if (last?.bytesWritten !== bytesWritten || last?.bytesRead !== bytesRead)
      socket.samples.push({ timeNs, bytesWritten, bytesRead });
  }

  #open(life: Life, { local, remote }: { local: Endpoint; remote: Endpoint }): KernelSocket {
    const { pid, cgroupId, openedNs, side } = life;
    life.socket = {
      cgroupId,
      pid,
      side,
      local,
      remote,
      openedNs,
      closedNs: null,
      isReset: false,
      sawPeerEnd: false,
      bytesWritten: 0,
      bytesRead: 0,
      segments: null,
      samples: [],
    };
    this.sockets.push(life.socket);
    return life.socket;
  }

  #listenerOf(local: Endpoint) {
    const anyAddress = local.address.includes(":") ? ["::"] : ["0.0.0.0", "::"];
    return [local.address, ...anyAddress]
      .map((address) => this.#listeners.get(endKey({ address, port: local.port })))
      .find((listener) => listener !== undefined);
  }

  /** What was printed at a tick; of a socket that was closed meanwhile, the close has said more. */
  #count(): void {
    for (const line of this.#counters.sort((one, other) => one.interval - other.interval)) {
      const { pointer, lifeNs, counter, bytes, interval } = line;
      const life = this.#lives.get(pointer);
      if (!life?.socket || life.openedNs !== lifeNs) continue;
      const { socket, counters } = life;
      counters[counter] = Math.max(counters[counter], bytes);
      const { written: bytesWritten, read: bytesRead } = counters;
      if (bytesWritten === socket.bytesWritten && bytesRead === socket.bytesRead) continue;
      Object.assign(socket, { bytesWritten, bytesRead });
      const timeNs = (interval + 1) * this.#intervalNs;
      if (socket.samples.at(-1)?.timeNs === timeNs) socket.samples.pop();
      socket.samples.push({ timeNs, bytesWritten, bytesRead });
    }
    this.#counters = [];
  }
}

function newLife({ pid, cgroupId, timeNs }: TimedLine, side: KernelSocket["side"]): Life {
  return { pid, cgroupId, openedNs: timeNs, side, socket: null, counters: { written: 0, read: 0 } };
}

function endKey({ address, port }: Endpoint): string {
  return `${address} ${port}`;
}
