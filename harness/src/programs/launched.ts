// A program that was started: what whoever runs it needs of it, whether it has pipes or a terminal.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";

/** Output may still be in the pipe when the process is gone; something outside its group may hold the pipe open. */
const DRAIN_MS = 500;

export interface LaunchOptions {
  cwd: string;
  environment: NodeJS.ProcessEnv;
}

export interface ProgramEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface LaunchedProgram {
  readonly pid: number;
  readonly exited: Promise<ProgramEnd>;
  /** One for what it prints in a terminal; standard output and standard error for pipes. */
  readonly streams: number;
  /** Hears decoded text, and from which of the streams it came. */
  onText(listener: (text: string, stream: number) => void): void;
  /** Types a line, and ends it as the Enter key does. */
  typeLine(line: string): void;
  endInput(): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves, once it has exited, when all that it printed was heard. */
  drain(): Promise<void>;
}

/** Rejects with the system's error if it cannot be started. */
export async function launchPiped(
  file: string,
  args: string[],
  { cwd, environment }: LaunchOptions,
): Promise<LaunchedProgram> {
  const child = spawn(file, args, { cwd, env: environment, detached: true });
  await once(child, "spawn");
  const closed = once(child, "close");
  child.stdin.on("error", () => {});
  const streams = [child.stdout, child.stderr];
  return {
    pid: child.pid!,
    exited: once(child, "exit").then(([code, signal]) => ({ code, signal })),
    streams: streams.length,
    onText(listener) {
      for (const [index, stream] of streams.entries())
        stream.setEncoding("utf8").on("data", (text: string) => listener(text, index));
    },
    typeLine: (line) => child.stdin.write(`${line}\n`),
    endInput: () => child.stdin.end(),
    kill: (signal) => child.kill(signal),
    async drain() {
      const drained = new AbortController();
      const limit = delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => {});
      await Promise.race([closed, limit]);
      drained.abort();
      for (const stream of child.stdio) stream?.destroy();
    },
  };
}
