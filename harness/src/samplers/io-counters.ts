// How often and how much a process and its descendants read and wrote, from /proc/PID/io. As for psrecord, bytes are
// those that reached a disk, and counts are system calls, also on sockets and pipes.
import type { ProcessSample } from "../result/result.ts";
import type { ProcFileCache } from "./proc-file-cache.ts";

export type IoCount = NonNullable<ProcessSample["io"]>;

export class IoCounters {
  readonly #files: ProcFileCache;
  /** The last reading of each process, also of those that have ended. */
  readonly #readings = new Map<number, IoCount>();
  #living: readonly number[] = [];

  constructor(files: ProcFileCache) {
    this.#files = files;
  }

  /** Since the processes began. Null where the kernel does not show it: to other users than theirs. */
  read(pids: readonly number[]): IoCount | null {
    for (const pid of this.#living) if (!pids.includes(pid)) this.#files.forget(pathOf(pid));
    this.#living = pids;
    for (const pid of pids) {
      const text = this.#files.read(pathOf(pid));
      if (text !== null) this.#readings.set(pid, parse(text));
    }
    if (this.#readings.size === 0) return null;
    const sum = { readCount: 0, writeCount: 0, readBytes: 0, writeBytes: 0 };
    for (const reading of this.#readings.values())
      for (const name of Object.keys(sum) as (keyof IoCount)[]) sum[name] += reading[name];
    return sum;
  }

  close(): void {
    for (const pid of this.#living) this.#files.forget(pathOf(pid));
  }
}

function pathOf(pid: number): string {
  return `/proc/${pid}/io`;
}

function parse(text: string): IoCount {
  const counter = (name: string) => Number(text.match(new RegExp(`^${name}: (\\d+)`, "m"))?.[1] ?? 0);
  return {
    readCount: counter("syscr"),
    writeCount: counter("syscw"),
    readBytes: counter("read_bytes"),
    writeBytes: counter("write_bytes"),
  };
}
