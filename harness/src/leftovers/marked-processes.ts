// Finds what a run started where there is no control group to tell: everything that a program starts inherits its
// environment, which holds a mark of the run. A process that cleared its environment is not found.
import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { delay } from "../time/timers.ts";

const VARIABLE = "FIEL_RUN";
const GRACE_MS = 2_000;
const KILL_WITHIN_MS = 1_000;
const LOOK_MS = 20;

export class MarkedProcesses {
  /** For the environment of each program of the run. */
  readonly environment: Record<string, string> = { [VARIABLE]: randomUUID() };

  /** Those that live now; none where the system has no /proc. */
  find(): number[] {
    const entry = `${VARIABLE}=${this.environment[VARIABLE]}`;
    return processIds().filter((pid) => environmentOf(pid).includes(entry));
  }

  /** Asks them to end, and kills those that do not. Returns those there were. */
  async end(): Promise<number[]> {
    const found = this.find();
    if (found.length === 0) return [];
    for (const signal of ["SIGTERM", "SIGCONT"] as const) for (const pid of found) send(pid, signal);
    await this.#goneWithin(GRACE_MS, () => {});
    // More than once: one may have started another meanwhile.
    await this.#goneWithin(KILL_WITHIN_MS, (pid) => send(pid, "SIGKILL"));
    return found;
  }

  async #goneWithin(ms: number, each: (pid: number) => void): Promise<void> {
    const untilMs = performance.now() + ms;
    for (let left = this.find(); left.length > 0 && performance.now() < untilMs; left = this.find()) {
      left.forEach(each);
      await delay(LOOK_MS);
    }
  }
}

function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return [];
  }
}

/** Empty for another user's process, a zombie, and one that is gone. */
function environmentOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").split("\0");
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
