// Records one process from outside, from its start (or ours) to its end (or ours), whatever ends it. What comes out is
// a RunResult like that of a scenario, with one process in it.
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import { buildLedger } from "../ledger/ledger.ts";
import { findLeaks, takeStock } from "../leftovers/leak-check.ts";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import { type ProbeReceiver, startProbeReceiver } from "../probe/receiver.ts";
import { type RunResult, SCHEMA_VERSION } from "../result/result.ts";
import { describeEnvironment } from "../run/environment.ts";
import { watchOverhead } from "../run/overhead.ts";
import { createSampler, type SamplerName, warmUpSampler } from "../samplers/choose-sampler.ts";
import { createDescendantsFinder, findNone } from "../samplers/descendants.ts";
import { startSampling } from "../samplers/sampling.ts";
import type { Flow } from "../scenario/scenario.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import { watchKernelSockets } from "../witness/ss/kernel-sockets.ts";
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
  /** Bytes from inside, by the probe, which only Node programs take. */
  isProbed: boolean;
  /** Until it ends by itself, if it is left out. */
  durationMs?: number;
}

export type Recording =
  | { ok: true; result: RunResult; exitCode: number; hasKernelSockets: boolean }
  | { ok: false; exitCode: number; message: string };

const MOST_FLOWS = 6;
const isPid = (target: string) => /^\s*\d+\s*$/.test(target);

export async function record(options: RecordingOptions): Promise<Recording> {
  await warmUpSampler(options.sampler);
  const before = takeStock();
  const recording = await recordProcess(options);
  const leaks = await findLeaks(before);
  if (!recording.ok || leaks.length === 0) return recording;
  return { ...recording, result: { ...recording.result, leaks } };
}

async function recordProcess(options: RecordingOptions): Promise<Recording> {
  const startMs = performance.now();
  const nowMs = () => performance.now() - startMs;
  const directory = await makeTemporaryFolder("record");
  const probes = options.isProbed ? await startProbeReceiver({ ...options, directory, nowMs }) : null;
  const signals = new PassedSignals();
  try {
    const started = isPid(options.target)
      ? attachTo(Number(options.target))
      : await startCommand(
          options.target,
          options.directory,
          probes?.environmentFor(idOf(options.target)) ?? {},
        );
    if (started.ok) signals.passTo(started.process);
    return started.ok ? await watch(started.process, options, probes, signals, nowMs) : started;
  } finally {
    signals.release();
    await probes?.close();
    await rm(directory, { recursive: true, force: true });
  }
}

async function watch(
  recorded: RecordedProcess,
  options: RecordingOptions,
  probes: ProbeReceiver | null,
  signals: PassedSignals,
  nowMs: () => number,
): Promise<Recording> {
  const { target, intervalMs, includeChildren, sampler } = options;
  const startedAt = new Date().toISOString();
  const closeOverhead = watchOverhead(nowMs);
  const id = idOf(target);
  // The first reading of one that ran before is over all its life, and no sample of ours.
  const startedAtMs = recorded.isAttached ? Number.NEGATIVE_INFINITY : 0;
  let isAlive = true;
  const sampling = startSampling({
    sampler: createSampler(sampler, { nowMs, intervalMs, includeChildren }),
    intervalMs,
    nowMs,
    processes: () => (isAlive ? [{ id, pid: recorded.pid, startedAtMs }] : []),
  });
  const findDescendants = includeChildren ? createDescendantsFinder() : findNone;
  const pids = () => [recorded.pid, ...findDescendants(recorded.pid)];
  const isAttached = recorded.isAttached;
  const kernel = probes
    ? null
    : await watchKernelSockets({ processId: id, intervalMs, nowMs, pids, isAttached });

  const { end, isOurs } = await endOf(recorded, options.durationMs);
  isAlive = false;
  const endedAtMs = nowMs();
  await sampling.stop();
  await kernel?.stop();
  const records = (await probes?.finish()) ?? kernel?.records ?? [];
  const exitCode = isOurs ? 0 : exitCodeOf(end);
  const { missed: ticksMissed, taken: ticksTaken } = sampling.ticks;
  const flows = flowsOf(records);
  const samples = sampling.samplesOf(id).slice(recorded.isAttached ? 1 : 0);
  const result: RunResult = {
    schemaVersion: SCHEMA_VERSION,
    scenario: { name: id, title: target.trim(), description: `A recording of ${target.trim()}` },
    startedAt,
    durationMs: nowMs(),
    status: exitCode === 0 ? "passed" : signals.hasCome ? "interrupted" : "failed",
    failure: exitCode === 0 ? null : { message: `it ended with ${said(end)}`, processId: id, lastOutput: [] },
    environment: describeEnvironment(),
    sampling: { intervalMs, sampler, ticksTaken, ticksMissed },
    overhead: closeOverhead(sampling.ticks),
    ...buildLedger([...records], flows),
    flows,
    processes: [
      {
        id,
        label: id,
        command: target.trim().split(/\s+/),
        pid: recorded.pid,
        startedAtMs: 0,
        endedAtMs: recorded.isAttached ? null : endedAtMs,
        exitCode: recorded.isAttached ? null : end.code,
        signal: recorded.isAttached ? null : end.signal,
        samples,
      },
    ],
    events: [],
    phases: [],
    checks: [],
  };
  return { ok: true, result, exitCode, hasKernelSockets: kernel !== null };
}

async function endOf(
  recorded: RecordedProcess,
  durationMs: number | undefined,
): Promise<{ end: ProcessEnd; isOurs: boolean }> {
  let stopping: Promise<void> | null = null;
  const timer =
    durationMs === undefined
      ? undefined
      : setTimeout(() => {
          stopping = recorded.stop();
        }, durationMs);
  const end = await recorded.ended;
  clearTimeout(timer);
  await stopping;
  return { end, isOurs: stopping !== null };
}

function said({ code, signal }: ProcessEnd): string {
  return signal ? `signal ${signal}` : `exit code ${code}`;
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
