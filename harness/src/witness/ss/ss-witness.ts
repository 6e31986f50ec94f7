// The kernel as a witness, through `ss`, for programs in any language. All sockets are looked at every 200 ms, and at
// the end of each phase; when one is destroyed, the kernel reports its last counts, to root. Missed: a connection that
// was dialled and closed between two looks (an accepted one is known by the address that its program listens on),
// without root whatever came between the last look and the end, and sockets in another network namespace. After a
// reset a byte may be missing.
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { promisify } from "node:util";
import type { Warning } from "../../result/result.ts";
import { delay } from "../../time/timers.ts";
import { addressKey } from "../addresses.ts";
import type { SocketRecord } from "../socket-record.ts";
import { wireCountOf } from "../wire-count.ts";
import type { ByteTotals, KernelWitness, Observation, SocketEnds, WatchedProgram } from "../witness.ts";
import { Listeners } from "./listeners.ts";
import { type SsEvents, watchSsEvents } from "./ss-events.ts";
import { type KernelSocket, readSsLine } from "./ss-lines.ts";

const SHORTEST_INTERVAL_MS = 200;
const LARGEST_OUTPUT_BYTES = 256e6;
/** How long the kernel may take to report that a socket is gone, and how often that is asked. */
const LAST_REPORTS_MS = 400;
const ASK_EVERY_MS = 20;

export interface SsWitnessOptions {
  readonly intervalMs: number;
  readonly nowMs: () => number;
  /** What to do for a witness that misses nothing. */
  readonly remedy: string;
}

interface CountedSocket {
  readonly record: SocketRecord;
  /** What it carried before it was watched. */
  readonly before: ByteTotals;
  /** At the last look some process held it. */
  isHeld: boolean;
  isDestroyed: boolean;
}

export class SsWitness implements KernelWitness {
  readonly name = "kernel";
  readonly #options: SsWitnessOptions;
  readonly #events: SsEvents;
  readonly #programs: WatchedProgram[] = [];
  readonly #listeners = new Listeners<WatchedProgram>();
  /** By the kernel's cookie. */
  readonly #sockets = new Map<string, CountedSocket>();
  readonly #newestByEnds = new Map<string, SocketRecord>();
  /** Of every socket on this machine that was destroyed; read when it is known which of them matter. */
  readonly #lastReports: string[] = [];
  readonly #stopping = new AbortController();
  #looking: Promise<void> | null = null;
  #lookedAtMs = 0;
  /** There was something to look for. */
  #hasLooked = false;
  #lastLook: Promise<unknown> = Promise.resolve();

  constructor(options: SsWitnessOptions) {
    this.#options = options;
    this.#events = watchSsEvents((line) => {
      this.#lastReports.push(line);
      const socket = this.#hasLooked ? readSsLine(line) : null;
      if (socket) this.#countDestroyed(socket);
    });
  }

  async watch(program: WatchedProgram): Promise<string | null> {
    if (!areSocketsVisible(program.pid))
      return "it belongs to another user, so only root may see its sockets";
    this.#programs.push(program);
    const isRun = await this.#lookNow(program.isAttached ? program : null);
    if (!isRun) return "that takes the program ss, of iproute2";
    this.#looking ??= this.#lookAgainAndAgain();
    return null;
  }

  /** Each look is a process of its own, gone before anybody could ask. */
  cpuTimeMs(): null {
    return null;
  }

  async look(): Promise<void> {
    if (this.#looking) await this.#lookNow();
  }

  totals(): Map<string, ByteTotals> {
    const totals = new Map<string, ByteTotals>();
    for (const { record } of this.#sockets.values()) {
      const { bytesWritten, bytesRead } = totals.get(record.processId) ?? { bytesWritten: 0, bytesRead: 0 };
      totals.set(record.processId, {
        bytesWritten: bytesWritten + record.bytesWritten,
        bytesRead: bytesRead + record.bytesRead,
      });
    }
    return totals;
  }

  async finish(): Promise<SocketRecord[]> {
    this.#stopping.abort();
    if (this.#looking) {
      await this.#looking;
      await this.#lookNow();
      await waitWhile(() =>
        [...this.#sockets.values()].some((socket) => !socket.isHeld && !socket.isDestroyed),
      );
    }
    return [...this.#sockets.values()].map(({ record }) => record);
  }

  async observe(sockets: readonly SocketEnds[]): Promise<Observation[]> {
    const sides = new Map(sockets.map((socket) => [endsKey(socket), socket.side]));
    const missing = new Map<string, number>();
    for (const socket of sockets) missing.set(endsKey(socket), (missing.get(endsKey(socket)) ?? 0) + 1);
    const observations: Observation[] = [];
    const isAnyMissing = () => {
      for (const socket of this.#lastReports.splice(0).flatMap((line) => readSsLine(line) ?? [])) {
        const { local, remote } = socket;
        const key = remote && endsKey({ local, remote });
        const side = key && sides.get(key);
        if (!key || !side) continue;
        observations.push({ local, remote, count: wireCountOf(socket, side), isReadExact: false });
        missing.set(key, (missing.get(key) ?? 0) - 1);
      }
      return [...missing.values()].some((count) => count > 0);
    };
    await waitWhile(isAnyMissing);
    return observations;
  }

  losses(): Warning[] {
    const untraced = {
      cause:
        "sockets were not traced: UDP and Unix sockets are not counted, and TCP of daemons and of other network namespaces may be missing",
      remedy: `To count all TCP, ${this.#options.remedy}`,
    };
    if (!this.#hasLooked) return [untraced];
    return [
      untraced,
      {
        cause: `the kernel was asked every ${SHORTEST_INTERVAL_MS} ms for the sockets of programs without a probe, so shorter connections may be missing`,
        remedy: `To count all of them, ${this.#options.remedy}`,
      },
      ...[...this.#events.complaints].map((complaint) => ({
        cause: `the kernel did not report every socket that closed (ss: ${complaint})`,
        remedy: "Bytes of short connections may be missing: run as root, or open fewer at a time.",
      })),
    ];
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    await this.#events.stop();
  }

  async #lookAgainAndAgain(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const waitMs = Math.max(this.#options.intervalMs, SHORTEST_INTERVAL_MS);
      await delay(waitMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await this.#lookNow();
    }
  }

  /** One look after another, each filed under the moment at which it was wanted. False when `ss` cannot be run. */
  #lookNow(attached: WatchedProgram | null = null): Promise<boolean> {
    const atMs = this.#options.nowMs();
    const looked = this.#lastLook.then(() => this.#lookFor(atMs, attached));
    this.#lastLook = looked.catch(() => {});
    return looked;
  }

  async #lookFor(atMs: number, attached: WatchedProgram | null): Promise<boolean> {
    const programs = new Map(
      this.#programs.flatMap((program) => program.pids().map((pid) => [pid, program] as const)),
    );
    if (programs.size === 0 && this.#sockets.size === 0) return true;
    this.#hasLooked = true;
    let text: string;
    try {
      text = (await promisify(execFile)("ss", ["-tanpeiOH"], { maxBuffer: LARGEST_OUTPUT_BYTES })).stdout;
    } catch {
      return false;
    }
    for (const socket of this.#sockets.values()) socket.isHeld = false;
    const sockets = text.split("\n").flatMap((line) => readSsLine(line) ?? []);
    // Those that listen first: they say who was called on the others.
    for (const socket of sockets) {
      if (socket.state !== "LISTEN") continue;
      const pid = socket.pids.find((one) => programs.has(one));
      this.#listeners.add(socket, pid === undefined ? null : programs.get(pid)!);
    }
    for (const socket of sockets)
      if (socket.state !== "LISTEN") this.#countLiving(socket, programs, atMs, attached);
    this.#lookedAtMs = atMs;
    return true;
  }

  #countLiving(
    socket: KernelSocket,
    programs: ReadonlyMap<number, WatchedProgram>,
    atMs: number,
    attached: WatchedProgram | null,
  ): void {
    const pid = socket.pids.find((one) => programs.has(one));
    const program = pid === undefined ? undefined : programs.get(pid)!;
    let counted = this.#sockets.get(socket.cookie);
    if (!counted && pid !== undefined && program)
      counted = this.#open(socket, program, pid, atMs, program === attached);
    if (!counted) return;
    this.#count(counted, socket, atMs, this.#lookedAtMs);
    counted.isHeld = socket.pids.length > 0;
    if (!counted.isHeld) close(counted, atMs);
  }

  #countDestroyed(socket: KernelSocket): void {
    const atMs = this.#options.nowMs();
    const owner = this.#listeners.ownerOf(socket);
    const counted =
      this.#sockets.get(socket.cookie) ??
      (owner ? this.#open(socket, owner, owner.pid, atMs, false) : undefined);
    if (!counted) return;
    this.#count(counted, socket, atMs);
    close(counted, atMs);
    counted.isDestroyed = true;
  }

  #open(
    socket: KernelSocket,
    { id }: WatchedProgram,
    pid: number,
    atMs: number,
    isOlder: boolean,
  ): CountedSocket | undefined {
    const { cookie, local, remote, bytesWritten, bytesRead } = socket;
    if (!remote) return undefined;
    const record: SocketRecord = {
      processId: id,
      pid,
      number: this.#sockets.size + 1,
      side: this.#sideOf(socket, remote),
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
    const before = isOlder ? { bytesWritten, bytesRead } : { bytesWritten: 0, bytesRead: 0 };
    const counted = { record, before, isHeld: false, isDestroyed: false };
    this.#sockets.set(cookie, counted);
    this.#newestByEnds.set(endsKey(record), record);
    return counted;
  }

  /** Where the listener is gone, the end that was seen second is taken for the one that accepted. */
  #sideOf(socket: KernelSocket, remote: SocketRecord["remote"]): SocketRecord["side"] {
    if (this.#listeners.ownerOf(socket)) return "acceptor";
    const peer = this.#newestByEnds.get(addressKey(remote, socket.local));
    return peer?.side === "dialer" ? "acceptor" : "dialer";
  }

  /** Counts never go backwards: a socket in TIME-WAIT has lost them. */
  #count({ record, before }: CountedSocket, socket: KernelSocket, atMs: number, lookedAtMs = atMs): void {
    record.sawPeerEnd ||= socket.sawPeerEnd;
    const bytesWritten = Math.max(record.bytesWritten, socket.bytesWritten - before.bytesWritten);
    const bytesRead = Math.max(record.bytesRead, socket.bytesRead - before.bytesRead);
    if (bytesWritten === record.bytesWritten && bytesRead === record.bytesRead) return;
    Object.assign(record, { bytesWritten, bytesRead });
    const sinceMs = Math.max(record.openedAtMs, lookedAtMs);
    record.samples.push({ timeMs: atMs, bytesWritten, bytesRead, ...(sinceMs < atMs && { sinceMs }) });
  }
}

function close({ record }: CountedSocket, atMs: number): void {
  record.closedAtMs ??= atMs;
  record.end = "fin";
}

/** The kernel shows which process holds a socket only to those who may look into the process. */
function areSocketsVisible(pid: number): boolean {
  try {
    readdirSync(`/proc/${pid}/fd`);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EACCES";
  }
}

async function waitWhile(isMissing: () => boolean): Promise<void> {
  const untilMs = performance.now() + LAST_REPORTS_MS;
  while (isMissing() && performance.now() < untilMs) await delay(ASK_EVERY_MS);
}

function endsKey({ local, remote }: Pick<SocketEnds, "local" | "remote">): string {
  return addressKey(local, remote);
}
