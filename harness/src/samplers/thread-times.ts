// What the threads of a process have done so far, to the nanosecond. Null where the kernel does not say.
import { readdirSync, readFileSync } from "node:fs";

/** The CPU time of all its threads. */
export function cpuTimeMs(pid: number): number | null {
  return sumOverThreads(
    pid,
    () => true,
    ([ran]) => ran,
  );
}

/**
 * How long its threads beside the main one were at work or waited for a core to be: a thread that has work on a busy
 * machine is not idle.
 */
export function helpersAtWorkMs(pid: number): number | null {
  return sumOverThreads(
    pid,
    (thread) => thread !== pid,
    ([ran, waited]) => ran + waited,
  );
}

/** Of each thread the kernel gives the nanoseconds that it ran and that it waited for a core. */
function sumOverThreads(
  pid: number,
  isCounted: (thread: number) => boolean,
  spentNs: (schedstat: [ran: number, waited: number]) => number,
): number | null {
  try {
    const threads = readdirSync(`/proc/${pid}/task`).map(Number).filter(isCounted);
    const totalNs = threads
      .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ").map(Number))
      .reduce((sum, [ran = 0, waited = 0]) => sum + spentNs([ran, waited]), 0);
    return totalNs / 1e6;
  } catch {
    return null;
  }
}
