// Records one process from outside, from its start (or ours) to its end (or ours), whatever ends it: a measurement of
// one program, whose result is like that of a scenario.

import { rm } from "node:fs/promises";
import { basename } from "node:path";
import type { ControlGroup } from "../cgroup/control-group.ts";
import { ControlGroups } from "../cgroup/control-groups.ts";
import { startCaretaker } from "../leftovers/caretaker.ts";
import { findLeaks, listHeldResources } from "../leftovers/leak-check.ts";
import { MarkedProcesses } from "../leftovers/marked-processes.ts";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import type { RunResult, Warning } from "../result/result.ts";
import { outOfSight } from "../run/left-behind.ts";
import { type MeasuredProgram, Measurement } from "../run/measurement.ts";
import type { Progress } from "../run/progress.ts";
import { startClock } from "../run/run-clock.ts";
import { type SamplerName, warmUpSampler } from "../samplers/choose-sampler.ts";
import type { Flow } from "../scenario/scenario.ts";
import { delay } from "../time/timers.ts";
import { prepareKernelWitness } from "../witness/choose-witness.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import { commandWords } from "./command-words.ts";
import { PassedSignals } from "./passed-signals.ts";
import {
  attachTo,
  exitCodeOf,
  type ProcessEnd,
  type RecordedProcess,
  startCommand,
} from "./recorded-process.ts";

export interface RecordingOptions {
  /** A process id, or a command. */
  target: string;
  directory: string;
  intervalMs: number;
  sampler: SamplerName;
  includeChildren: boolean;
  includeIo: boolean;
  /** Bytes from inside, by the probe, which only Node programs take. */
  isProbed: boolean;
  /** Has the kernel report every socket, where it can; starting that takes 2 s. */
  tracesKernel: boolean;
  /** Infinity: until it ends by itself. */
  durationMs: number;
  /** Hears of each sample as it is taken. */
  progress: Pick<Progress, "now">;
}

export type Recording =
  | { ok: true; result: RunResult; exitCode: number }
  | { ok: false; exitCode: number; message: string };

const MOST_FLOWS = 6;
const isPid = (target: string) => /^\s*\d+\s*$/.test(target);

export async function record(options: RecordingOptions): Promise<Recording> {
  await warmUpSampler(options.sampler);
  const before = listHeldResources();
  const recording = await recordProcess(options);
  const leaks = await findLeaks(before);
  if (!recording.ok || leaks.length === 0) return recording;
  return { ...recording, result: { ...recording.result, leaks } };
}

async function recordProcess(options: RecordingOptions): Promise<Recording> {
  const { target, isProbed: wantsProbe } = options;
  const spec = { id: idOf(target), command: [target], wantsProbe };
  const directory = await makeTemporaryFolder("record");
  const caretaker = startCaretaker();
  caretaker.watchFolder(directory);
  const groups = isPid(target) ? null : ControlGroups.make((path) => caretaker.watchControlGroup(path));
  const marked = groups ? null : new MarkedProcesses();
  const traced = options.tracesKernel ? groups : null;
  const kernel = await prepareKernelWitness(options.intervalMs, traced, remedyFor(options));
  const clock = startClock();
  const programs: MeasuredProgram[] = [];
  const signals = new PassedSignals();
  const measurement = await Measurement.begin({
    ...options,
    directory,
    leftovers: [],
    clock,
    programs,
    kernel,
  });
  try {
    const started = isPid(target)
      ? attachTo(Number(target))
      : await startCommand(
          target,
          options.directory,
          { ...measurement.environmentFor(spec), ...marked?.environment },
          groups?.makeFor(spec.id) ?? null,
        );
    if (!started.ok) return started;
    const { process: recorded } = started;
    signals.passTo(recorded);
    if (!recorded.isAttached) {
      caretaker.watchGroup(recorded.pid);
      void recorded.ended.then(() => caretaker.forgetGroup(recorded.pid));
    }
    const startedAtMs = clock.nowMs();
    const program = new RecordedProgram(spec.id, startedAtMs, recorded, options.includeChildren);
    programs.push(program);
    const problem = await measurement.watch(spec, program);
    const { end, isOurs } = await endOf(recorded, options.durationMs, () => measurement.onStopping(program));
    const process = { ...describe(target, spec.id, recorded, end), startedAtMs };
    const endedAtMs = recorded.isAttached ? null : clock.nowMs();
    const strangers = (await marked?.end()) ?? [];
    const measured = await measurement.finish({ programs: [{ ...process, endedAtMs }], flows: flowsOf });
    const warnings = [
      ...(problem ? [uncounted(spec.id, problem)] : []),
      ...(measured.warnings ?? []),
      ...outOfSight(strangers),
    ];
    const exitCode = isOurs ? 0 : exitCodeOf(end);
    const message = `it ended with ${signalOrCode(end)}`;
    const result: RunResult = {
      ...measured,
      ...(warnings.length > 0 && { warnings }),
      scenario: { name: spec.id, title: target.trim(), description: `A recording of ${target.trim()}` },
      status: exitCode === 0 ? "passed" : signals.hasCome ? "interrupted" : "failed",
      failure: exitCode === 0 ? null : { message, processId: spec.id, lastOutput: [] },
      events: [],
      phases: [],
      checks: [],
    };
    return { ok: true, result, exitCode };
  } finally {
    signals.release();
    await measurement.close();
    await groups?.end();
    await rm(directory, { recursive: true, force: true });
    await caretaker.dismiss();
  }
}

/**
 * The process as it is sampled. One that ran before has no first sample, as that would be over all its life. One that
 * has become a daemon is measured as that, also where descendants are not.
 */
class RecordedProgram implements MeasuredProgram {
  readonly id: string;
  readonly startedAtMs: number;
  readonly #process: RecordedProcess;
  readonly #includesChildren: boolean;

  constructor(id: string, startedAtMs: number, process: RecordedProcess, includesChildren: boolean) {
    this.id = id;
    this.#includesChildren = includesChildren;
    this.startedAtMs = process.isAttached ? Number.NEGATIVE_INFINITY : startedAtMs;
    this.#process = process;
  }

  get pid(): number {
    return (!this.#includesChildren && this.#process.daemonPid) || this.#process.pid;
  }

  get group(): ControlGroup | null {
    return this.#process.group;
  }

  get isAttached(): boolean {
    return this.#process.isAttached;
  }

  get hasProcesses(): boolean {
    return this.#process.isAlive || this.#process.daemonPid !== null;
  }

  processes(): number[] {
    return this.#process.processes();
  }
}

function describe(target: string, id: string, { isAttached, pid }: RecordedProcess, end: ProcessEnd) {
  return {
    id,
    label: id,
    command: target.trim().split(/\s+/),
    pid,
    exitCode: isAttached ? null : end.code,
    signal: isAttached ? null : end.signal,
  };
}

function uncounted(id: string, problem: string): Warning {
  return {
    cause: `the bytes of ${id} were not counted: ${problem}`,
    remedy: "Where the report shows no bytes of it, they are unknown and not zero.",
  };
}

async function endOf(
  recorded: RecordedProcess,
  durationMs: number,
  onStopping: () => void,
): Promise<{ end: ProcessEnd; isOurs: boolean }> {
  const ended = new AbortController();
  const stopped = delay(durationMs, null, { signal: ended.signal }).then(
    async () => {
      onStopping();
      await recorded.stop();
      return true;
    },
    () => false,
  );
  const end = await recorded.ended;
  ended.abort();
  return { end, isOurs: await stopped };
}

function signalOrCode({ code, signal }: ProcessEnd): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
}

/** What would have every socket traced. */
function remedyFor({ target, tracesKernel }: RecordingOptions): string | undefined {
  if (isPid(target)) return "record its command, as root.";
  return tracesKernel ? undefined : "omit --no-trace, as root.";
}

/** Names what was started, without its path: charts are named after it. */
function idOf(target: string): string {
  if (isPid(target)) return `pid-${target.trim()}`;
  const words = commandWords(target);
  const first = words?.isShell ? target.trim().split(/[\s|&;<>()]+/)[0] : words?.file;
  return basename(first || "command");
}

/** One for each port that was dialled to, those with the most bytes. */
function flowsOf(records: readonly SocketRecord[]): Flow[] {
  const bytes = new Map<number, number>();
  for (const { side, local, remote, bytesRead, bytesWritten } of records) {
    const { port } = side === "dialer" ? remote : local;
    bytes.set(port, (bytes.get(port) ?? 0) + bytesRead + bytesWritten);
  }
  const ports = [...bytes].sort(([, one], [, other]) => other - one).slice(0, MOST_FLOWS);
  return ports.map(([port]) => ({ name: `port-${port}`, label: `port ${port}`, port }));
}
