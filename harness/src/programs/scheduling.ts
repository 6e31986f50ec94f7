// Which core a program gets, and when, so that programs that are compared do not take each other's time.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";

const TASKSET = "/usr/bin/taskset";
const CHRT = "/usr/bin/chrt";

/** The command that runs this one on that core; the command itself where there is no such core, or no `taskset`. */
export function pinned(core: number, command: string[]): string[] {
  if (core >= availableParallelism() || !existsSync(TASKSET)) return command;
  return [TASKSET, "--cpu-list", `${core}`, ...command];
}

/** The command that runs this one when a core would else be idle (SCHED_IDLE, sched(7)); where there is no `chrt`, seldom. */
export function inIdleTime(command: string[]): string[] {
  return existsSync(CHRT) ? [CHRT, "--idle", "0", ...command] : ["nice", "-n", "19", ...command];
}
