// One measured program, from its start until it and everything it started in its process group is gone.
import { EventEmitter, once } from "node:events";
import { resolve } from "node:path";
import type { ControlGroup } from "../cgroup/control-group.ts";
import type { Caretaker } from "../leftovers/caretaker.ts";
import type { MeasuredProcess, RunEvent } from "../result/result.ts";
import { createDescendantsFinder } from "../samplers/descendants.ts";
import { refuseUnlessFits } from "../scenario/findings.ts";
import type { EventPattern, Program, ProgramSpec, SeriesPattern, Signal } from "../scenario/scenario.ts";
import { patternSchema, portSchema, waitSchema } from "../scenario/scenario-schema.ts";
import { callerOf, callSite, type Place } from "../scenario/source-place.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import { delay, timeoutSignal } from "../time/timers.ts";
import { FollowedFile } from "./followed-file.ts";
import { type LaunchedProgram, launchPiped, type ProgramEnd } from "./launched.ts";
import { isListening, listeningPorts } from "./listening.ts";
import { hintsForUnheard, hintsForUnseen, type Unseen } from "./not-seen.ts";
import { whyNotStarted } from "./not-started.ts";
import { LineCutter, type PrintedLine, PrintedLines } from "./printed-lines.ts";
import { launchInTerminal } from "./terminal.ts";

const STEP_MS = 10_000;
const STOP_GRACE_MS = 5_000;
const LAST_LINES = 20;
const LISTENING_LOOK_MS = 50;
/** After so long without more, a line that has not ended is taken for a question, and not for half a line. */
const QUIET_MS = 50;

/** What a program needs of the run it is part of. */
export interface ProgramHost {
  nowMs(): number;
  /** Ends every wait of a step. */
  readonly signal: AbortSignal;
  readonly caretaker: Caretaker;
  /** Where programs start. */
  readonly directory: string;
  /** For a program that is about to start; null where none can be made. */
  makeControlGroup(programId: string): ControlGroup | null;
  /** The id of the run's program with that process id. */
  idOf(pid: number): string | undefined;
  /** It is about to be asked to end, or sent another signal. */
  onStopping(program: RunningProgram): void;
  onEvent(event: RunEvent): void;
  /** Hears each line that a program with series printed. */
  onLine(processId: string, timeMs: number, line: string, series: readonly SeriesPattern[]): void;
}

export class RunningProgram implements Program {
  readonly id: string;
  readonly pid: number;
  readonly startedAtMs: number;
  readonly group: ControlGroup | null;
  readonly #spec: ProgramSpec;
  readonly #host: ProgramHost;
  readonly #launched: LaunchedProgram;
  readonly #printed = new PrintedLines();
  readonly #news = new EventEmitter().setMaxListeners(0);
  readonly #cutters: LineCutter[];
  readonly #log: FollowedFile | null;
  readonly #gone: Promise<void>;
  #isOutputEmpty = true;
  #isInputOpen = true;
  #signalSent: NodeJS.Signals | null = null;
  #exit: (ProgramEnd & { atMs: number }) | null = null;
  #isGone = false;

  static async start(spec: ProgramSpec, environment: Record<string, string>, host: ProgramHost) {
    const [first = "", ...args] = spec.command;
    const file = first === "node" ? process.execPath : first;
    const cwd = resolve(host.directory, spec.cwd ?? ".");
    const variables = { ...process.env, ...spec.environment, ...environment };
    const obstacle = whyNotStarted(file, cwd, variables.PATH);
    if (obstacle) throw notStarted(spec.id, obstacle.message, obstacle.hints);
    const startedAtMs = host.nowMs();
    const launch = spec.terminal ? launchInTerminal : launchPiped;
    try {
      const group = host.makeControlGroup(spec.id);
      const [entering = file, ...rest] = group?.command([file, ...args]) ?? [file, ...args];
      const launched = await launch(entering, rest, { cwd, environment: variables });
      return new RunningProgram({ ...spec, cwd }, host, launched, startedAtMs, group);
    } catch (cause) {
      throw notStarted(spec.id, (cause as Error).message);
    }
  }

  private constructor(
    spec: ProgramSpec,
    host: ProgramHost,
    launched: LaunchedProgram,
    startedAtMs: number,
    group: ControlGroup | null,
  ) {
    this.id = spec.id;
    this.pid = launched.pid;
    this.startedAtMs = startedAtMs;
    this.group = group;
    this.#spec = spec;
    this.#host = host;
    this.#launched = launched;
    host.caretaker.watchGroup(this.pid);
    this.#cutters = Array.from({ length: launched.streams }, (_, stream) => this.#cutterOf(stream));
    const readers = this.#cutters.map((cutter, stream) => this.#readerOf(cutter, stream));
    launched.onText((text, stream) => {
      if (stream === 0) this.#isOutputEmpty = false;
      readers[stream]?.(text);
    });
    this.#log = spec.logFile === undefined ? null : this.#followLog(resolve(spec.cwd ?? ".", spec.logFile));
    this.#gone = this.#reap();
  }

  get isAlive(): boolean {
    return this.#exit === null;
  }

  /** Whether it runs, or something does that it started and that outlived it, such as a daemon. */
  get hasProcesses(): boolean {
    return this.isAlive || (this.group?.processes().length ?? 0) > 0;
  }

  /** Those that live now, with their descendants. */
  processes(): number[] {
    if (this.group) return this.group.processes();
    return this.isAlive ? [this.pid, ...createDescendantsFinder()(this.pid)] : [];
  }

  /** The last lines that it printed, each with the time at which it ended. */
  get printed(): readonly PrintedLine[] {
    return this.#printed.kept;
  }

  type(line: string): void {
    const what = `"${firstWord(line)}" cannot be typed`;
    if (!this.isAlive) throw this.#failure(`${this.#endSaid()}, so ${what}`, callerOf(this.type));
    if (!this.#isInputOpen)
      throw this.#failure(`the input of ${this.id} was ended, so ${what}`, callerOf(this.type));
    this.#launched.typeLine(line);
  }

  endInput(): void {
    this.#isInputOpen = false;
    this.#launched.endInput();
  }

  async sees(pattern: RegExp, options: { withinMs?: number } = {}): Promise<RegExpMatchArray> {
    refuseUnlessFits(patternSchema, pattern, "sees", this.sees);
    refuseUnlessFits(waitSchema, options, "sees", this.sees);
    const { withinMs = STEP_MS } = options;
    const place = callSite(this.sees);
    const unseen = (message: string) =>
      this.#failure(message, place(), hintsForUnseen(pattern, this.#unseen()));
    this.#host.signal.throwIfAborted();
    let match = this.#printed.take(pattern);
    if (match) return match;
    const stopWaiting = this.#printed.wait(pattern, (found) => {
      match = found;
      this.#news.emit("news");
    });
    const timeout = timeoutSignal(withinMs);
    try {
      while (!match) {
        if (this.#isGone) throw unseen(`${this.#endSaid()} before it printed ${pattern}`);
        if (timeout.aborted) throw unseen(`${this.id} did not print ${pattern} within ${withinMs} ms`);
        await this.#newsOr(timeout);
        this.#host.signal.throwIfAborted();
      }
      return match;
    } finally {
      stopWaiting();
    }
  }

  async listens(port: number, options: { withinMs?: number } = {}): Promise<void> {
    refuseUnlessFits(portSchema, port, "listens", this.listens);
    refuseUnlessFits(waitSchema, options, "listens", this.listens);
    const { withinMs = STEP_MS } = options;
    const place = callSite(this.listens);
    const unheard = async (message: string) =>
      this.#failure(
        message,
        place(),
        hintsForUnheard(this.#unseen(), await listeningPorts(this.processes())),
      );
    const timeout = timeoutSignal(withinMs);
    while (!(await isListening(this.processes(), port))) {
      this.#host.signal.throwIfAborted();
      if (!this.hasProcesses) {
        await this.#gone;
        throw await unheard(`${this.#endSaid()} before it listened at port ${port}`);
      }
      if (timeout.aborted)
        throw await unheard(`${this.id} did not listen at port ${port} within ${withinMs} ms`);
      await delay(LISTENING_LOOK_MS);
    }
  }

  async ended(options: { withinMs?: number } = {}): Promise<number | null> {
    refuseUnlessFits(waitSchema, options, "ended", this.ended);
    const { withinMs = STEP_MS } = options;
    const place = callSite(this.ended);
    const timeout = timeoutSignal(withinMs);
    while (!this.#isGone) {
      this.#host.signal.throwIfAborted();
      if (timeout.aborted) throw this.#failure(`${this.id} did not end within ${withinMs} ms`, place());
      await this.#newsOr(timeout);
    }
    return this.#exit?.code ?? null;
  }

  signal(signal: Signal): void {
    if (!this.isAlive)
      throw this.#failure(`${this.#endSaid()}, so ${signal} cannot be sent`, callerOf(this.signal));
    this.#host.onStopping(this);
    this.#signalSent = signal;
    const timeMs = this.#host.nowMs();
    this.#launched.kill(signal);
    this.#onSignal(timeMs, signal, `was sent ${signal}`);
  }

  /** Works on an interrupted run too: this is how its programs are ended. */
  async stop({ withinMs = STOP_GRACE_MS } = {}): Promise<number | null> {
    if (this.hasProcesses) this.#host.onStopping(this);
    if (this.isAlive) this.#launched.kill("SIGTERM");
    // A stopped process takes SIGTERM only when it goes on.
    if (this.isAlive) this.#launched.kill("SIGCONT");
    const grace = new AbortController();
    await Promise.race([this.#gone, delay(withinMs, undefined, { signal: grace.signal }).catch(() => {})]);
    grace.abort();
    if (this.isAlive) {
      const why = `did not end within ${withinMs} ms of SIGTERM, and was killed`;
      this.#onSignal(this.#host.nowMs(), "SIGKILL", why);
      this.#killGroup();
    }
    await this.#gone;
    if (this.group && !(await this.group.stop(withinMs))) {
      const why = `left processes that did not end within ${withinMs} ms of SIGTERM, and were killed`;
      this.#onSignal(this.#host.nowMs(), "SIGKILL", why);
      this.group.kill();
    }
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

  #cutterOf(stream: number): LineCutter {
    const isTerminal = this.#spec.terminal ?? false;
    return new LineCutter((line) => this.#onLine(line, stream), { isTerminal });
  }

  /** Cuts what comes into lines; a line that has not ended counts as printed once nothing more comes. */
  #readerOf(cutter: LineCutter, stream: number): (text: string) => void {
    const onQuiet = () => {
      if (!this.#isGone && cutter.rest !== "") this.#printed.addOpen(cutter.rest, stream);
    };
    let quiet: NodeJS.Timeout | null = null;
    return (text) => {
      cutter.push(text);
      quiet = quiet?.refresh() ?? setTimeout(onQuiet, QUIET_MS).unref();
    };
  }

  #followLog(path: string): FollowedFile {
    const cutter = this.#cutterOf(this.#launched.streams);
    return new FollowedFile(path, (text) => cutter.push(text));
  }

  #onLine(text: string, stream: number): void {
    const timeMs = this.#host.nowMs();
    this.#printed.add(text, timeMs, stream);
    const event = readEvent(text, this.#spec.events ?? []);
    if (event) this.#host.onEvent({ timeMs, processId: this.id, ...event, text });
    if (this.#spec.series) this.#host.onLine(this.id, timeMs, text, this.#spec.series);
  }

  #onSignal(timeMs: number, signal: NodeJS.Signals, text: string): void {
    this.#host.onEvent({ timeMs, processId: this.id, name: "signal", label: signal, text });
  }

  async #reap(): Promise<void> {
    const end = await this.#launched.exited;
    this.#exit = { ...end, atMs: this.#host.nowMs() };
    // A daemon leaves the process group only after its parent ended well. A control group keeps hold of it meanwhile.
    if (!this.group || end.code !== 0) this.#killGroup();
    this.#host.caretaker.forgetGroup(this.pid);
    await this.#launched.drain();
    this.#log?.close();
    for (const cutter of this.#cutters) cutter.flush();
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

  /** Waits for a match, for the end, for the timeout or for the end of the run; the caller looks which it was. */
  async #newsOr(timeout: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([timeout, this.#host.signal]);
    await once(this.#news, "news", { signal }).catch(() => {});
  }

  #endSaid(): string {
    const { code, signal } = this.#exit ?? {};
    return `${this.id} ended with ${signal ? `signal ${signal}` : `exit code ${code}`}`;
  }

  #unseen(): Unseen {
    return {
      command: this.#spec.command,
      isTerminal: this.#spec.terminal ?? false,
      isAlive: this.isAlive,
      printed: this.#printed.kept.map(({ text }) => text),
      isOutputEmpty: this.#isOutputEmpty,
      idOf: this.#host.idOf,
    };
  }

  #failure(message: string, place: Place | null, hints: string[] = []): StepFailure {
    return new StepFailure(message, this.id, this.#printed.last(LAST_LINES), { hints, place });
  }
}

function notStarted(id: string, why: string, hints: string[] = []): StepFailure {
  return new StepFailure(`${id} could not be started: ${why}`, id, [], { hints });
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
