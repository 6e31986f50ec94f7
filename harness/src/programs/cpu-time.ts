// The CPU time that the threads of a process have taken so far, to the nanosecond; null where the kernel does not tell.
import { readdirSync, readFileSync } from "node:fs";

export function cpuTimeMs(pid: number): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    const spentNs = threads.map((thread) =>
      Number.parseInt(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1"), 10),
    );
    return spentNs.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    return null;
  }
}
