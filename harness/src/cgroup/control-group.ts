// A control group (cgroup v2) for each program of a run: all that descends from it is in it, whoever its parent is by
// now, so daemons and orphans are found, counted and ended. Needs no controller. Source: the kernel's
// Documentation/admin-guide/cgroup-v2.rst.
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const KILL_WITHIN_MS = 2_000;
const LOOK_MS = 10;

/** Moves itself into the group and becomes the program: same process id, no shell left beside it. */
const ENTER = 'echo 0 >"$0" && exec "$@"';

/** The folder under which this process may make groups; null where there is none. */
export function ownControlGroup(): string | null {
  try {
    const mount = readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" "))
      .find(([, , type]) => type === "cgroup2")?.[1];
    const path = /^0::(\/.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1];
    return mount === undefined || path === undefined ? null : join(mount, path);
  } catch {
    return null;
  }
}

export class ControlGroup {
  readonly path: string;
  /** The kernel's number for the group, as bpftrace and `stat` name it. */
  readonly id: number;

  /** Null where this user may not make one. */
  static make(name: string, parent = ownControlGroup()): ControlGroup | null {
    if (parent === null) return null;
    const path = join(parent, name);
    try {
      mkdirSync(path);
      return new ControlGroup(path);
    } catch {
      removeFolder(path);
      return null;
    }
  }

  /** One that is there; throws if it is not. */
  constructor(path: string) {
    this.path = path;
    this.id = statSync(path).ino;
  }

  /** The command that runs this one inside the group. */
  command(words: readonly string[]): string[] {
    return ["/bin/sh", "-c", ENTER, join(this.path, "cgroup.procs"), ...words];
  }

  /** Of every process that ever was in it, in microseconds. */
  cpuMicroseconds(): number | null {
    const usage = /^usage_usec (\d+)$/m.exec(this.#read("cpu.stat"))?.[1];
    return usage === undefined ? null : Number(usage);
  }

  /** Process ids now. */
  processes(): number[] {
    return this.#read("cgroup.procs").split("\n").filter(Boolean).map(Number);
  }

  /** Asks all processes in it to end (SIGTERM); false if some have not after that time. */
  async stop(withinMs: number): Promise<boolean> {
    const pids = this.processes();
    for (const pid of pids) sendSignal(pid, "SIGTERM");
    // A stopped process receives SIGTERM only when it is continued.
    for (const pid of pids) sendSignal(pid, "SIGCONT");
    const untilMs = performance.now() + withinMs;
    while (this.processes().length > 0) {
      if (performance.now() >= untilMs) return false;
      await delay(LOOK_MS);
    }
    return true;
  }

  /** Ends all processes in it (SIGKILL) and removes it; false if some did not end in time. */
  async end(): Promise<boolean> {
    for (let waitedMs = 0; waitedMs < KILL_WITHIN_MS; waitedMs += LOOK_MS) {
      if (this.processes().length === 0 && removeFolder(this.path)) return true;
      this.kill();
      await delay(LOOK_MS);
    }
    return false;
  }

  /** `cgroup.kill` came with Linux 5.14. */
  kill(): void {
    try {
      writeFileSync(join(this.path, "cgroup.kill"), "1");
    } catch {
      for (const pid of this.processes()) sendSignal(pid, "SIGKILL");
    }
  }

  #read(file: string): string {
    try {
      return readFileSync(join(this.path, file), "utf8");
    } catch {
      return "";
    }
  }
}

/** Of a group with those below it; nothing where it is gone. */
export async function endControlGroups(path: string): Promise<void> {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isDirectory()) await endControlGroups(join(path, entry.name));
    await new ControlGroup(path).end();
  } catch {
    // It was removed meanwhile.
  }
}

function removeFolder(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}
