// The memory of one process, from /proc/PID/statm (the kernel's Documentation/filesystems/proc.rst).
import { readdirSync } from "node:fs";
import type { KernelUnits } from "./kernel-units.ts";
import type { ProcFileCache } from "./proc-file-cache.ts";

export interface ProcessMemory {
  /** 0 for one that has ended and was not yet waited for. */
  rssBytes: number;
  virtualBytes: number;
}

/** Null when the process is gone. */
export function readMemory(pid: number, files: ProcFileCache, units: KernelUnits): ProcessMemory | null {
  const memory = parse(files.read(statmOf(pid)), units);
  if (memory?.rssBytes !== 0) return memory;
  // A main thread that has ended shows no memory; the other threads of the process do.
  for (const thread of threadsOf(pid)) {
    const path = `/proc/${pid}/task/${thread}/statm`;
    const seen = parse(files.read(path), units);
    files.forget(path);
    if (seen && seen.rssBytes > 0) return seen;
  }
  return memory;
}

export function forgetMemory(pid: number, files: ProcFileCache): void {
  files.forget(statmOf(pid));
}

function statmOf(pid: number): string {
  return `/proc/${pid}/statm`;
}

function parse(statm: string | null, { pageBytes }: KernelUnits): ProcessMemory | null {
  if (statm === null) return null;
  const [virtualPages = 0, residentPages = 0] = statm.split(" ").map(Number);
  return { rssBytes: residentPages * pageBytes, virtualBytes: virtualPages * pageBytes };
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}
