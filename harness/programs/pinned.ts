// Keeps a program on one core, so that two that are compared, or one and its load, do not take each other's time.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";

const TASKSET = "/usr/bin/taskset";

/** The command that runs this one on that core; the command itself where there is no such core, or no `taskset`. */
export function pinned(core: number, command: string[]): string[] {
  if (core >= availableParallelism() || !existsSync(TASKSET)) return command;
  return [TASKSET, "--cpu-list", `${core}`, ...command];
}
