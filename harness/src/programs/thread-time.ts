// How long the threads of a process beside its main one were at work or waited for a core to be, as Linux tells it: a
// thread that has work on a busy machine is not idle. Null where the kernel does not tell.
import { readdirSync, readFileSync } from "node:fs";

export function helpersAtWorkMs(pid: number): number | null {
  try {
    const helpers = readdirSync(`/proc/${pid}/task`).filter((thread) => Number(thread) !== pid);
    const spentNs = helpers.map((thread) => {
      const [ran, waited] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "latin1").split(" ");
      return Number(ran) + Number(waited);
    });
    return spentNs.reduce((sum, ns) => sum + ns, 0) / 1e6;
  } catch {
    return null;
  }
}
