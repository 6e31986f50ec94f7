// One measured child process, from its start until it and everything it started in its process group is gone.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Caretaker } from "../leftovers/caretaker.ts";
import type { MeasuredProcess, RunEvent } from "../result/result.ts";
import type { EventPattern, Program, ProgramSpec, SeriesPattern } from "../scenario/scenario.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import { FollowedFile } from "./followed-file.ts";
import { isListening } from "./listening.ts";
import { LineCutter, PrintedLines } from "./printed-lines.ts";

const STEP_MS = 10_000;
const STOP_GRACE_MS = 5_000;
const LAST_LINES = 20;
const LISTENING_LOOK_MS = 50;
/** Output may still be in the pipe when the process is gone; something outside its group may hold the pipe open. */
const DRAIN_MS = 500;

/** What a program needs of the run it is part of. */
export interface ProgramHost {
  nowMs(): number;
  /** Ends every wait of a step. */
  readonly signal: AbortSignal;
  readonly caretaker: Caretaker;
  /** Where programs start. */
  readonly directory: string;
  onEvent(event: RunEvent): void;
  /** Hears each line that a program with series printed. */
  onLine(processId: string, timeMs: number, line: string, series: readonly SeriesPattern[]): void;
}

export class RunningProgram implements Program {
  readonly id: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly #spec: ProgramSpec;
  readonly #host: ProgramHost;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #printed = new PrintedLines();
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #log: FollowedFile | null = null;
  readonly #gone: Promise<void>;
  #signalSent: NodeJS.Signals | null = null;
  #exit: { atMs: number; code: number | null; signal: NodeJS.Signals | null } | null = null;
  #isGone = false;

  static async start(spec: ProgramSpec, environment: Record<string, string>, host: ProgramHost) {
    const [first = "", ...args] = spec.command;
    const file = first === "node" ? process.execPath : first;
    const startedAtMs = host.nowMs();
    const child = spawn(file, args, {
      cwd: host.directory,
      env: { ...process.env, ...environment, ...spec.environment },
      detached: true,
    });
    try {
      await once(child, "spawn");
    } catch (cause) {
      throw new StepFailure(`${spec.id} could not be started: ${(cause as Error).message}`, spec.id);
    }
    return new RunningProgram(spec, host, child, startedAtMs);
  }

  private constructor(
    spec: ProgramSpec,
    host: ProgramHost,
    child: ChildProcessWithoutNullStreams,
    startedAtMs: number,
  ) {
    this.id = spec.id;
    this.pid = child.pid!;
    this.startedAtMs = startedAtMs;
    this.#spec = spec;
    this.#host = host;
    this.#child = child;
    host.caretaker.watchGroup(this.pid);
    child.stdin.on("error", () => {});
    const cutters = [child.stdout, child.stderr].map((stream) => {
      const cutter = new LineCutter((line) => this.#onLine(line));
      stream.setEncoding("utf8").on("data", (chunk: string) => cutter.push(chunk));
      return cutter;
    });
    if (spec.logFile !== undefined) {
      const cutter = new LineCutter((line) => this.#onLine(line));
      this.#log = new FollowedFile(spec.logFile, (text) => cutter.push(text));
    }
    this.#gone = this.#bury(cutters);
  }

  get isAlive(): boolean {
    return this.#exit === null;
  }

  type(line: string): void {
    if (!this.isAlive) throw this.#failure(`${this.#endSaid()}, so "${firstWord(line)}" cannot be typed`);
    this.#child.stdin.write(`${line}\n`);
  }

  async sees(pattern: RegExp, { withinMs = STEP_MS } = {}): Promise<RegExpMatchArray> {
    const timeout = AbortSignal.timeout(withinMs);
    for (;;) {
      this.#host.signal.throwIfAborted();
      const match = this.#printed.take(pattern);
      if (match) return match;
      if (this.#isGone) throw this.#failure(`${this.#endSaid()} before it printed ${pattern}`);
      if (timeout.aborted) throw this.#failure(`${this.id} did not print ${pattern} within ${withinMs} ms`);
      await this.#newsOr(timeout);
    }
  }

  async listens(port: number, { withinMs = STEP_MS } = {}): Promise<void> {
    const timeout = AbortSignal.timeout(withinMs);
    while (!(await isListening(this.pid, port))) {
      this.#host.signal.throwIfAborted();
      if (!this.isAlive) throw this.#failure(`${this.#endSaid()} before it listened at port ${port}`);
      if (timeout.aborted)
        throw this.#failure(`${this.id} did not listen at port ${port} within ${withinMs} ms`);
      await delay(LISTENING_LOOK_MS);
    }
  }

  async ended({ withinMs = STEP_MS } = {}): Promise<number | null> {
    const timeout = AbortSignal.timeout(withinMs);
    while (!this.#isGone) {
      this.#host.signal.throwIfAborted();
      if (timeout.aborted) throw this.#failure(`${this.id} did not end within ${withinMs} ms`);
      await this.#newsOr(timeout);
    }
    return this.#exit?.code ?? null;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.isAlive) throw this.#failure(`${this.#endSaid()}, so ${signal} cannot be sent`);
    this.#signalSent = signal;
    const timeMs = this.#host.nowMs();
    this.#child.kill(signal);
    this.#host.onEvent({
      timeMs,
      processId: this.id,
      name: "signal",
      label: signal,
      text: `was sent ${signal}`,
    });
  }

  /** Works on an interrupted run too: this is how its programs are ended. */
  async stop({ withinMs = STOP_GRACE_MS } = {}): Promise<number | null> {
    if (this.isAlive) this.#child.kill("SIGTERM");
    // A stopped process takes SIGTERM only when it goes on.
    if (this.isAlive) this.#child.kill("SIGCONT");
    const grace = new AbortController();
    await Promise.race([this.#gone, delay(withinMs, undefined, { signal: grace.signal }).catch(() => {})]);
    grace.abort();
    if (this.isAlive) this.#killGroup();
    await this.#gone;
    return this.#exit?.code ?? null;
  }

  /** What result.json keeps of it, but for the samples. */
  measured(): Omit<MeasuredProcess, "samples"> {
    return {
      id: this.id,
      label: this.#spec.label ?? this.id,
      command: this.#spec.command,
      pid: this.pid,
      startedAtMs: this.startedAtMs,
      endedAtMs: this.#exit?.atMs ?? null,
      exitCode: this.#exit?.code ?? null,
      signal: this.#exit?.signal ?? null,
      signalSent: this.#signalSent,
    };
  }

  #onLine(text: string): void {
    const timeMs = this.#host.nowMs();
    this.#printed.add(text);
    const event = readEvent(text, this.#spec.events ?? []);
    if (event) this.#host.onEvent({ timeMs, processId: this.id, ...event, text });
    if (this.#spec.series) this.#host.onLine(this.id, timeMs, text, this.#spec.series);
    this.#news.emit("news");
  }

  async #bury(cutters: LineCutter[]): Promise<void> {
    const closed = once(this.#child, "close");
    const [code, signal] = await once(this.#child, "exit");
    this.#exit = { atMs: this.#host.nowMs(), code, signal };
    this.#killGroup();
    this.#host.caretaker.forgetGroup(this.pid);
    const drained = new AbortController();
    const drain = delay(DRAIN_MS, undefined, { signal: drained.signal }).catch(() => {});
    await Promise.race([closed, drain]);
    drained.abort();
    this.#log?.close();
    for (const stream of this.#child.stdio) stream?.destroy();
    for (const cutter of cutters) cutter.flush();
    this.#isGone = true;
    this.#news.emit("news");
  }

  #killGroup(): void {
    try {
      process.kill(-this.pid, "SIGKILL");
    } catch {
      // Nobody is left in it.
    }
  }

  /** Waits for a line, for the end, for the timeout or for the end of the run; the caller looks which it was. */
  async #newsOr(timeout: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([timeout, this.#host.signal]);
    await once(this.#news, "news", { signal }).catch(() => {});
  }

  #endSaid(): string {
    const { code, signal } = this.#exit ?? {};
    return `${this.id} ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`;
  }

  #failure(message: string): StepFailure {
    return new StepFailure(message, this.id, this.#printed.last(LAST_LINES));
  }
}

/** The event that a line tells, if any: the first pattern that matches decides. */
export function readEvent(line: string, patterns: EventPattern[]): { name: string; label: string } | null {
  for (const { match, name, label } of patterns) {
    const found = line.match(match);
    if (found) return { name, label: label.replace(/\$(\d)/g, (_, group) => found[Number(group)] ?? "") };
  }
  return null;
}

/** What follows it may be a password. */
function firstWord(line: string): string {
  return line.trim().split(/\s/)[0] ?? "";
}
