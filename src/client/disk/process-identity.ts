// Identifies a process uniquely, even if a later one gets the same pid.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** `<pid>-<start>`, fit for a file name; null when no such process runs. */
export function processIdentity(pid: number): string | null {
  const start = existsSync("/proc/self/stat") ? startInProc(pid) : startFromPs(pid);
  return start && `${pid}-${start.replace(/\W+/g, "_")}`;
}

/** Clock ticks since the machine started. */
function startInProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The program's name, in parentheses, may hold anything; the state is the field after it.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    return state === "Z" || state === "X" ? null : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function startFromPs(pid: number): string | null {
  try {
    const env = { ...process.env, LC_ALL: "C" };
    const printed = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { env, encoding: "utf8" });
    return printed.trim() || null;
  } catch {
    return null;
  }
}
