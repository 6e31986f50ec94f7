// What a run says of processes that outlived the programs that started them.
import type { RunningProgram } from "../programs/program.ts";
import type { Warning } from "../result/result.ts";

/** Of a program that has ended: what it started and left behind, which ends with the run. */
export function leftRunning({ id, isAlive, group }: RunningProgram): Warning[] {
  const pids = isAlive ? [] : (group?.processes() ?? []);
  if (pids.length === 0) return [];
  const what = pids.length === 1 ? "a process" : `${pids.length} processes`;
  return [
    {
      cause: `${id} ended and left ${what} running: ${pids.join(", ")}`,
      remedy:
        "The end of the run ended them. If that is meant, stop them in the scenario: await program.stop()",
    },
  ];
}

/** What was found when all programs had ended: it was never measured. */
export function outOfSight(pids: readonly number[]): Warning[] {
  if (pids.length === 0) return [];
  return [
    {
      cause: `processes left the programs that started them and ran on: ${pids.join(", ")}`,
      remedy:
        "They were ended, and their CPU, memory and bytes are missing. To have them measured, run as root.",
    },
  ];
}
