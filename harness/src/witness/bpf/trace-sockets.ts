// Runs bpftrace for as long as a run lasts, and hands on what it says of sockets. One process watches every program.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { readSocketLine, type SocketLine } from "./socket-lines.ts";
import { readKernelFeatures, socketProgram } from "./socket-program.ts";

/** Compiling and loading take half a second on an idle machine. */
const READY_WITHIN_MS = 15_000;
const END_WITHIN_MS = 5_000;
const SHORTEST_INTERVAL_MS = 50;
const LIMITS = {
  /** Pages of each processor's buffer between kernel and bpftrace: 4 MB, some 20,000 lines. */
  BPFTRACE_PERF_RB_PAGES: "1024",
  /** Sockets that are open at one time, on the whole machine. */
  BPFTRACE_MAP_KEYS_MAX: "65536",
};
/** Said where a process may not raise its own limit; the programs load all the same. */
const HARMLESS = /RLIMIT_MEMLOCK/;

export interface SocketTrace {
  /** Of bpftrace itself, whose cost belongs to the measuring. */
  readonly pid: number;
  /** Resolves when its last line was handed on; with why it ended early, if it did. */
  stop(): Promise<string | null>;
}

/** `remedy`: what the user can do about it. */
export type TraceOutcome = { ok: true; trace: SocketTrace } | { ok: false; remedy: string };

/** Resolves once every new socket is seen. `onLine` hears each line in the order in which bpftrace printed them. */
export async function traceSockets(
  intervalMs: number,
  onLine: (line: SocketLine) => void,
): Promise<TraceOutcome> {
  if (process.getuid?.() !== 0) return { ok: false, remedy: "run as root." };
  const features = readKernelFeatures();
  if (!features)
    return { ok: false, remedy: "mount tracefs (mount -t tracefs tracefs /sys/kernel/tracing)." };
  const program = socketProgram(features, Math.max(intervalMs, SHORTEST_INTERVAL_MS));
  const trace = new RunningTrace(program, onLine);
  const reason = await trace.ready();
  return reason === null ? { ok: true, trace } : { ok: false, remedy: reason };
}

class RunningTrace implements SocketTrace {
  readonly #child: ChildProcess;
  readonly #complaints: string[] = [];
  readonly #ready: Promise<null>;
  readonly #ended: Promise<string>;

  constructor(program: string, onLine: (line: SocketLine) => void) {
    // In a session of its own: Ctrl-C in the terminal ends the run, and the run ends this.
    const child = spawn("bpftrace", ["-q", "-e", program], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...LIMITS },
      detached: true,
    });
    this.#child = child;
    this.#ended = once(child, "close").then(
      ([code]) => this.#complaints.at(-1) ?? `see why bpftrace ends with exit code ${code}.`,
      () => "install bpftrace.",
    );
    createInterface({ input: child.stderr! }).on("line", (line) => {
      if (line.trim() !== "" && !HARMLESS.test(line)) this.#complaints.push(line);
    });
    this.#ready = new Promise((resolve) => {
      createInterface({ input: child.stdout! }).on("line", (text) => {
        if (text === "ready") resolve(null);
        const line = readSocketLine(text);
        if (line) onLine(line);
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Null once it watches, else why it does not. */
  async ready(): Promise<string | null> {
    const timeout = new AbortController();
    const late = delay(READY_WITHIN_MS, "bpftrace did not start in time; repeat the run.", {
      signal: timeout.signal,
    });
    const reason = await Promise.race([this.#ready, this.#ended, late.catch(() => null)]);
    timeout.abort();
    if (reason !== null) this.#child.kill("SIGKILL");
    return reason;
  }

  async stop(): Promise<string | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#ended;
    this.#child.kill("SIGINT");
    const timeout = new AbortController();
    delay(END_WITHIN_MS, undefined, { signal: timeout.signal }).then(
      () => this.#child.kill("SIGKILL"),
      () => {},
    );
    await this.#ended;
    timeout.abort();
    return null;
  }
}
