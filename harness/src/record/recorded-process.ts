// The process that is recorded: a command that we start, in our place at the terminal, or one that runs already.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ControlGroup } from "../cgroup/control-group.ts";
import { type WhyNotStarted, whyNotStarted } from "../programs/not-started.ts";
import { createDescendantsFinder } from "../samplers/descendants.ts";
import { commandWords } from "./command-words.ts";

const STOP_GRACE_MS = 5_000;
const LOOK_EVERY_MS = 100;
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;

export interface ProcessEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface RecordedProcess {
  readonly pid: number;
  /** It ran before we came: what it has used until now is not ours to count. */
  readonly isAttached: boolean;
  readonly isAlive: boolean;
  /** It has ended and left processes that run on, of which this is the first: a daemon. Null otherwise. */
  readonly daemonPid: number | null;
  readonly group: ControlGroup | null;
  /** Those that live now: itself, its descendants, and those that outlived it. */
  processes(): number[];
  /** Of the process itself, once those that outlived it have ended too. */
  readonly ended: Promise<ProcessEnd>;
  /** Asks it and its descendants to end, and kills what is left after a grace. A process we did not start stays. */
  stop(graceMs?: number): Promise<void>;
  /** What came for us, to the process we started; `isFromTerminal`: it has got it already. */
  pass(signal: NodeJS.Signals, isFromTerminal: boolean): void;
}

export type Started =
  | { ok: true; process: RecordedProcess }
  | { ok: false; exitCode: number; message: string };

export async function startCommand(
  command: string,
  cwd: string,
  environment: Record<string, string>,
  group: ControlGroup | null,
): Promise<Started> {
  const words = commandWords(command);
  if (!words) return { ok: false, exitCode: 2, message: "The command to record is empty." };
  const variables = { ...process.env, ...environment };
  const obstacle = whyNotStarted(words.file, cwd, variables.PATH);
  if (obstacle) return refusal(resolve(cwd, words.file), obstacle);
  const plain = [words.file, ...words.args];
  const [file = "", ...args] = group?.command(plain) ?? plain;
  const child = spawn(file, args, { stdio: "inherit", cwd, env: variables });
  try {
    await once(child, "spawn");
  } catch (error) {
    const message = `${words.file} cannot be started: ${(error as Error).message}`;
    return { ok: false, exitCode: NOT_EXECUTABLE, message };
  }
  return { ok: true, process: new StartedProcess(child, group) };
}

export function attachTo(pid: number): Started {
  if (!isThere(pid)) {
    return {
      ok: false,
      exitCode: 2,
      message: `No process has the id ${pid}. See "ps -A" for those that do.`,
    };
  }
  return { ok: true, process: new AttachedProcess(pid) };
}

/** As a shell would give it: 128 and the signal's number for one that was killed. */
export function exitCodeOf({ code, signal }: ProcessEnd): number {
  return code ?? 128 + (signal ? constants.signals[signal] : 0);
}

class StartedProcess implements RecordedProcess {
  readonly isAttached = false;
  readonly pid: number;
  readonly group: ControlGroup | null;
  readonly ended: Promise<ProcessEnd>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, group: ControlGroup | null) {
    this.#child = child;
    this.pid = child.pid!;
    this.group = group;
    this.ended = this.#watch();
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get daemonPid(): number | null {
    return this.isAlive ? null : (this.group?.processes()[0] ?? null);
  }

  processes(): number[] {
    if (this.group) return this.group.processes();
    return this.isAlive ? [this.pid, ...createDescendantsFinder()(this.pid)] : [];
  }

  pass(signal: NodeJS.Signals, isFromTerminal: boolean): void {
    if (!this.isAlive) for (const pid of this.processes()) send(pid, signal);
    else if (!isFromTerminal) this.#child.kill(signal);
  }

  async stop(graceMs = STOP_GRACE_MS): Promise<void> {
    if (!this.group) return this.#stopFamily(graceMs);
    if (!(await this.group.stop(graceMs))) this.group.kill();
    await this.ended;
  }

  async #watch(): Promise<ProcessEnd> {
    const [code, signal] = await once(this.#child, "exit");
    while (this.daemonPid !== null) await delay(LOOK_EVERY_MS);
    return { code, signal };
  }

  async #stopFamily(graceMs: number): Promise<void> {
    const family = [this.pid, ...createDescendantsFinder()(this.pid)];
    for (const pid of family) send(pid, "SIGTERM");
    // A stopped process receives SIGTERM only when it is continued.
    for (const pid of family) send(pid, "SIGCONT");
    const untilMs = performance.now() + graceMs;
    // Who outlives its parent is nobody's descendant any more: those there were at first are watched, each.
    while (family.some(isThere) && performance.now() < untilMs) await delay(LOOK_EVERY_MS);
    for (const pid of new Set([...family, ...createDescendantsFinder()(this.pid)])) send(pid, "SIGKILL");
    await this.ended;
  }
}

class AttachedProcess implements RecordedProcess {
  readonly isAttached = true;
  readonly daemonPid = null;
  readonly group = null;
  readonly pid: number;
  readonly ended: Promise<ProcessEnd>;
  #isLeft = false;
  #isOver = false;

  constructor(pid: number) {
    this.pid = pid;
    this.ended = this.#watch();
  }

  get isAlive(): boolean {
    return !this.#isOver;
  }

  processes(): number[] {
    return this.isAlive ? [this.pid, ...createDescendantsFinder()(this.pid)] : [];
  }

  pass(): void {
    this.#isLeft = true;
  }

  async stop(): Promise<void> {
    this.#isLeft = true;
    await this.ended;
  }

  async #watch(): Promise<ProcessEnd> {
    while (!this.#isLeft && isThere(this.pid)) await delay(LOOK_EVERY_MS);
    this.#isOver = true;
    return { code: 0, signal: null };
  }
}

/** With the exit code that a shell has for it. */
function refusal(path: string, { message, hints }: WhyNotStarted): Started {
  const sentence = message.replace(/^there/, "There");
  const exitCode = existsSync(path) ? NOT_EXECUTABLE : NOT_FOUND;
  return { ok: false, exitCode, message: [`${sentence}.`, ...hints].join(" ") };
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
