// What a program uses besides CPU and memory, from /proc (the kernel's Documentation/filesystems/proc.rst): its threads
// and open files now, and what it has caused since it began: context switches, page faults and disk traffic, of each
// thread and process as last seen. Its proportional set size (PSS) counts memory that processes share once; reading
// it makes the kernel walk through all pages of a process, so it is read more seldom, the longer that takes.
import { readdirSync, readFileSync } from "node:fs";
import type { ResourceSample } from "../result/result.ts";

/** So that reading PSS takes at most a thousandth of the time. */
const PSS_PAUSE_FACTOR = 1_000;

type Counters = Pick<
  ResourceSample,
  | "voluntarySwitches"
  | "involuntarySwitches"
  | "minorFaults"
  | "majorFaults"
  | "diskReadBytes"
  | "diskWrittenBytes"
>;

export class ResourceReader {
  /** By process or thread id, those that have ended too. */
  readonly #switches = new Map<number, { voluntary: number; involuntary: number }>();
  readonly #faults = new Map<number, { minor: number; major: number }>();
  readonly #disk = new Map<number, { read: number; written: number }>();
  #nextPssAtMs = Number.NEGATIVE_INFINITY;

  /** Null if none of these processes lives. What this user may not see is left out. */
  read(pids: readonly number[], timeMs: number, isLast = false): ResourceSample | null {
    const living = pids.flatMap((pid) => {
      const threads = this.#readProcess(pid);
      return threads === null ? [] : [{ pid, threads }];
    });
    if (living.length === 0) return null;
    const openFiles = totalOf(living.map(({ pid }) => countEntries(`/proc/${pid}/fd`)));
    const pssBytes = isLast || timeMs >= this.#nextPssAtMs ? this.#readPss(pids, timeMs) : null;
    return {
      timeMs,
      threads: living.reduce((sum, { threads }) => sum + threads, 0),
      ...(openFiles !== null && { openFiles }),
      ...this.#counters(),
      ...(pssBytes !== null && { pssBytes }),
    };
  }

  /** The number of its threads; null when it is gone or a zombie. */
  #readProcess(pid: number): number | null {
    const stat = readText(`/proc/${pid}/stat`);
    if (stat === null) return null;
    // Counted from behind the name: state, …, minflt (7), cminflt, majflt (9), …, num_threads (17).
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    this.#faults.set(pid, { minor: Number(fields[7]), major: Number(fields[9]) });
    const io = readText(`/proc/${pid}/io`);
    if (io !== null)
      this.#disk.set(pid, { read: fieldOf(io, "read_bytes"), written: fieldOf(io, "write_bytes") });
    const threads = listOf(`/proc/${pid}/task`);
    for (const thread of threads) {
      const status = readText(`/proc/${pid}/task/${thread}/status`);
      if (status === null) continue;
      this.#switches.set(Number(thread), {
        voluntary: fieldOf(status, "voluntary_ctxt_switches"),
        involuntary: fieldOf(status, "nonvoluntary_ctxt_switches"),
      });
    }
    return fields[0] === "Z" && threads.length < 2 ? null : threads.length;
  }

  #counters(): Counters {
    const sum = <One>(readings: Map<number, One>, of: (one: One) => number) =>
      [...readings.values()].reduce((total, one) => total + of(one), 0);
    return {
      voluntarySwitches: sum(this.#switches, ({ voluntary }) => voluntary),
      involuntarySwitches: sum(this.#switches, ({ involuntary }) => involuntary),
      minorFaults: sum(this.#faults, ({ minor }) => minor),
      majorFaults: sum(this.#faults, ({ major }) => major),
      ...(this.#disk.size > 0 && {
        diskReadBytes: sum(this.#disk, ({ read }) => read),
        diskWrittenBytes: sum(this.#disk, ({ written }) => written),
      }),
    };
  }

  #readPss(pids: readonly number[], timeMs: number): number | null {
    const startMs = performance.now();
    const kilobytes = totalOf(pids.map(pssKilobytes));
    this.#nextPssAtMs = timeMs + PSS_PAUSE_FACTOR * (performance.now() - startMs);
    return kilobytes === null ? null : kilobytes * 1_024;
  }
}

function pssKilobytes(pid: number): number | null {
  const text = readText(`/proc/${pid}/smaps_rollup`);
  return text === null || !/^Pss:/m.test(text) ? null : fieldOf(text, "Pss");
}

/** Null if one of them is unknown. */
function totalOf(values: readonly (number | null)[]): number | null {
  let total = 0;
  for (const value of values) {
    if (value === null) return null;
    total += value;
  }
  return total;
}

function fieldOf(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(text)?.[1] ?? 0);
}

function countEntries(folder: string): number | null {
  try {
    return readdirSync(folder).length;
  } catch {
    return null;
  }
}

function listOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
