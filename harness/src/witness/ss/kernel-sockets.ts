// The bytes of each TCP socket of processes that no probe looks into, from the kernel through `ss`. Sockets are looked
// at every 200 ms, and at the end of each phase; when one goes, the kernel tells its last counts, to root. Missed: a connection that was dialled and
// closed between two looks (an accepted one is known by the port that its program listens on), without root whatever
// came between the last look and the end, and sockets in another network namespace. After a reset a byte may be missing.
import { execFile } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import type { SocketRecord } from "../socket-record.ts";
import { type DestroyedSockets, watchDestroyedSockets } from "./destroyed-sockets.ts";
import { type KernelSocket, readSsLine } from "./ss-lines.ts";

const SHORTEST_INTERVAL_MS = 200;
const LARGEST_OUTPUT_BYTES = 256e6;

export interface KernelSocketsOptions {
  readonly processId: string;
  readonly intervalMs: number;
  readonly nowMs: () => number;
  /** Whose sockets count, now. */
  readonly pids: () => readonly number[];
  /** What was carried before the first look, by sockets that were already there, is left out. */
  readonly isAttached: boolean;
}

export interface KernelSockets {
  readonly records: readonly SocketRecord[];
  /** What it finds belongs to the time until it was called. */
  look(): Promise<unknown>;
  /** Looks a last time. */
  stop(): Promise<void>;
}

interface Known {
  readonly record: SocketRecord;
  readonly before: { bytesWritten: number; bytesRead: number };
}

/** Null where there is no `ss`. */
export async function watchKernelSockets(options: KernelSocketsOptions): Promise<KernelSockets | null> {
  const watch = new SocketWatch(options);
  if (!(await watch.look())) return null;
  return watch.start();
}

class SocketWatch implements KernelSockets {
  readonly records: SocketRecord[] = [];
  readonly #options: KernelSocketsOptions;
  readonly #known = new Map<string, Known>();
  readonly #listeningPorts = new Set<number>();
  readonly #stopping = new AbortController();
  #isFirstLook = true;
  #events: DestroyedSockets | undefined;
  #looking: Promise<void> = Promise.resolve();
  #lastLook: Promise<unknown> = Promise.resolve();

  constructor(options: KernelSocketsOptions) {
    this.#options = options;
  }

  start(): KernelSockets {
    this.#events = watchDestroyedSockets((line) => {
      const socket = readSsLine(line);
      if (socket) this.#takeDestroyed(socket);
    });
    this.#looking = this.#lookAgainAndAgain();
    return this;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    await this.look();
    await this.#events?.stop();
  }

  async #lookAgainAndAgain(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const waitMs = Math.max(this.#options.intervalMs, SHORTEST_INTERVAL_MS);
      await delay(waitMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await this.look();
    }
  }

  /** One look after another, each filed under the moment at which it was wanted. False when `ss` cannot be run. */
  look(): Promise<boolean> {
    const atMs = this.#options.nowMs();
    const looked = this.#lastLook.then(() => this.#lookFor(atMs));
    this.#lastLook = looked.catch(() => {});
    return looked;
  }

  async #lookFor(atMs: number): Promise<boolean> {
    const pids = new Set(this.#options.pids());
    let text: string;
    try {
      text = (await promisify(execFile)("ss", ["-tanpeiOH"], { maxBuffer: LARGEST_OUTPUT_BYTES })).stdout;
    } catch {
      return false;
    }
    const sockets = text.split("\n").flatMap((line) => readSsLine(line) ?? []);
    // Those that listen first: they tell who was called on the others.
    for (const isListening of [true, false]) {
      for (const socket of sockets)
        if ((socket.state === "LISTEN") === isListening) this.#take(socket, pids, atMs);
    }
    this.#isFirstLook = false;
    return true;
  }

  #take(socket: KernelSocket, pids: ReadonlySet<number>, atMs: number): void {
    const pid = socket.pids.find((one) => pids.has(one));
    if (pid !== undefined && socket.state === "LISTEN") this.#listeningPorts.add(socket.local.port);
    const known =
      this.#known.get(socket.cookie) ?? (pid === undefined ? null : this.#open(socket, pid, atMs));
    if (!known) return;
    this.#count(known, socket, atMs);
    if (socket.pids.length === 0) this.#close(known, atMs);
  }

  #takeDestroyed(socket: KernelSocket): void {
    const atMs = this.#options.nowMs();
    const isAccepted = this.#listeningPorts.has(socket.local.port);
    const known =
      this.#known.get(socket.cookie) ??
      (isAccepted ? this.#open(socket, this.#options.pids()[0] ?? 0, atMs) : null);
    if (!known) return;
    this.#count(known, socket, atMs);
    this.#close(known, atMs);
  }

  #open(socket: KernelSocket, pid: number, atMs: number): Known | null {
    const { local, remote, bytesWritten, bytesRead } = socket;
    if (!remote) return null;
    const isOld = this.#isFirstLook && this.#options.isAttached;
    const record: SocketRecord = {
      processId: this.#options.processId,
      pid,
      number: this.records.length + 1,
      side: this.#listeningPorts.has(local.port) ? "acceptor" : "dialer",
      isTls: false,
      local,
      remote,
      openedAtMs: atMs,
      closedAtMs: null,
      end: "open",
      sawPeerEnd: false,
      bytesWritten: 0,
      bytesRead: 0,
      samples: [],
      firstLinesWritten: [],
      firstLinesRead: [],
    };
    const known = { record, before: isOld ? { bytesWritten, bytesRead } : { bytesWritten: 0, bytesRead: 0 } };
    this.records.push(record);
    this.#known.set(socket.cookie, known);
    return known;
  }

  /** Counts never go backwards: a socket in TIME-WAIT has lost them. */
  #count({ record, before }: Known, socket: KernelSocket, atMs: number): void {
    record.sawPeerEnd ||= socket.sawPeerEnd;
    const bytesWritten = Math.max(record.bytesWritten, socket.bytesWritten - before.bytesWritten);
    const bytesRead = Math.max(record.bytesRead, socket.bytesRead - before.bytesRead);
    if (bytesWritten === record.bytesWritten && bytesRead === record.bytesRead) return;
    Object.assign(record, { bytesWritten, bytesRead });
    record.samples.push({ timeMs: atMs, bytesWritten, bytesRead });
  }

  #close({ record }: Known, atMs: number): void {
    record.closedAtMs ??= atMs;
    record.end = "fin";
  }
}
