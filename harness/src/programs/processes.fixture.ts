// Looks at the system's processes as an outsider, for the tests.
import { readFileSync } from "node:fs";

/** False also for one that ended and only waits to be collected. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== "linux") return true;
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return !stat.slice(stat.lastIndexOf(")")).startsWith(") Z");
}
