// Everything that measures one run: the witnesses that count bytes, the sampler that reads CPU and memory, and what
// measuring itself costs. It gives the part of the result that is measured; what was played is the caller's part.
import type { RunCapture } from "../capture/run-capture.ts";
import type { Relayed } from "../fault-proxy/relayed-connection.ts";
import { attachObservations } from "../ledger/attach-observations.ts";
import { buildLedger } from "../ledger/ledger.ts";
import { type ProbeReceiver, startProbeReceiver } from "../probe/receiver.ts";
import { joinLives } from "../result/restarts.ts";
import { type MeasuredProcess, type RunResult, SCHEMA_VERSION } from "../result/result.ts";
import { createSampler, type SamplerName } from "../samplers/choose-sampler.ts";
import { ResourceSampling } from "../samplers/resource-sampling.ts";
import type { SampledProcess } from "../samplers/sampler.ts";
import { type Sampling, startSampling } from "../samplers/sampling.ts";
import type { Flow, MessageFormat } from "../scenario/scenario.ts";
import { maximum } from "../statistics/totals.ts";
import {
  type CountedProgram,
  chooseWitnesses,
  type PreparedKernelWitness,
} from "../witness/choose-witness.ts";
import { mergeRecords } from "../witness/merge-records.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { KernelWitness, Observer } from "../witness/witness.ts";
import { describeEnvironment } from "./environment.ts";
import { watchOverhead } from "./overhead.ts";
import type { ProcessNow, Progress } from "./progress.ts";
import type { RunClock } from "./run-clock.ts";

export interface MeasuredProgram extends SampledProcess {
  /** Whether it runs, or something that it started. */
  readonly hasProcesses: boolean;
  /** Those that live now, with their descendants. */
  processes(): number[];
}

export interface MeasurementOptions {
  /** Empty, for the probes' sockets. */
  readonly directory: string;
  /** What a probe removes when the harness was killed. */
  readonly leftovers: string[];
  readonly intervalMs: number;
  readonly sampler: SamplerName;
  /** A program is measured with all its descendants. Default: true. */
  readonly includeChildren?: boolean;
  /** Samples hold reads and writes, where the sampler can tell them. Default: false. */
  readonly includeIo?: boolean;
  readonly messages?: MessageFormat | undefined;
  readonly keepsMessages?: boolean;
  readonly clock: RunClock;
  /** Grows while the run is on. */
  readonly programs: readonly MeasuredProgram[];
  readonly progress: Pick<Progress, "now">;
  readonly capture?: RunCapture | null;
  /** Default: no socket of the run is counted. */
  readonly kernel?: PreparedKernelWitness | null;
}

export interface Played {
  /** What the result says of each program, beside what is measured here. */
  readonly programs: readonly Omit<MeasuredProcess, "samples">[];
  /** They may depend on the sockets that were found. */
  readonly flows: readonly Flow[] | ((records: readonly SocketRecord[]) => Flow[]);
  readonly relayed?: readonly Relayed[];
}

type MeasuredPart = Pick<
  RunResult,
  | "schemaVersion"
  | "startedAt"
  | "durationMs"
  | "environment"
  | "sampling"
  | "overhead"
  | "capture"
  | "warnings"
  | "flows"
  | "processes"
  | "sockets"
  | "connections"
>;

export class Measurement {
  readonly #options: MeasurementOptions;
  readonly #probes: ProbeReceiver;
  /** Null where no socket is counted, by the probe neither. */
  readonly #kernel: KernelWitness | null;
  readonly #observers: readonly Observer[];
  readonly #sampling: Sampling;
  readonly #resources: ResourceSampling<MeasuredProgram>;
  /** Of the programs themselves; one that became a daemon has had two. */
  readonly #ownPids = new Set<number>();
  readonly #closeOverhead: ReturnType<typeof watchOverhead>;

  /** Resolves when every witness is at work: programs may start from now on. */
  static async begin(options: MeasurementOptions): Promise<Measurement> {
    const { clock } = options;
    const probes = await startProbeReceiver({ ...options, nowMs: clock.nowMs });
    return new Measurement(options, probes, options.kernel?.(clock.nowMs) ?? null);
  }

  private constructor(options: MeasurementOptions, probes: ProbeReceiver, kernel: KernelWitness | null) {
    const { clock, intervalMs, progress, capture, includeChildren = true, includeIo = false } = options;
    const { nowMs } = clock;
    this.#options = options;
    this.#probes = probes;
    this.#kernel = kernel;
    this.#observers = [kernel, capture].filter((observer) => !!observer);
    this.#closeOverhead = watchOverhead(nowMs, () => kernel?.cpuTimeMs() ?? null);
    this.#sampling = startSampling({
      sampler: createSampler(options.sampler, { nowMs, intervalMs, includeChildren, includeIo }),
      intervalMs,
      nowMs,
      processes: () => this.#living(),
      onSamples: () => progress.now(nowMs(), this.#now()),
    });
    this.#resources = new ResourceSampling({
      nowMs,
      programs: () => this.#living(),
      processesOf: (program) => this.#processesOf(program),
    });
  }

  /** Before a program is asked to end. */
  onStopping(program: MeasuredProgram): void {
    this.#resources.readLast(program);
  }

  /** With these variables, which stand over its own, a program is to be started. */
  environmentFor(spec: CountedProgram): Record<string, string> {
    const { isProbed, isNode } = chooseWitnesses(spec);
    if (!this.#kernel || !isProbed) return {};
    return this.#probes.environmentFor({ id: spec.id, nodeOptions: spec.environment?.NODE_OPTIONS, isNode });
  }

  /** As soon as the program runs. Resolves with the reason if its bytes cannot be counted. */
  async watch(spec: CountedProgram, program: MeasuredProgram): Promise<string | null> {
    const { id, pid, isAttached = false } = program;
    this.#ownPids.add(pid);
    const { isProbed, isCountedByKernel } = chooseWitnesses(spec);
    const pids = () => this.#processesOf(program);
    if (!this.#kernel) return null;
    if (isCountedByKernel) return this.#kernel.watch({ id, pid, pids, isAttached });
    // What the probe did not get into, for whatever reason, is left to the kernel.
    const silent = () => pids().filter((one) => this.#probes.isSilent(one));
    if (isProbed) await this.#kernel.watch({ id, pid, pids: silent, isAttached });
    return null;
  }

  /** A phase ends: what was carried until now is its own. */
  look(): void {
    void this.#kernel?.look();
  }

  /** When all programs have ended, or are left alone. */
  async finish({ programs, flows, relayed = [] }: Played): Promise<MeasuredPart> {
    const { intervalMs, sampler, clock, capture, messages } = this.#options;
    await Promise.all([this.#sampling.stop(), this.#resources.stop()]);
    // The witnesses' last words take a while that is not the run's.
    const endedMs = clock.nowMs();
    const overhead = this.#closeOverhead(this.#sampling.ticks);
    const fromProbes = await this.#probes.finish();
    const fromKernel = this.#ofMeasured((await this.#kernel?.finish()) ?? []);
    const { records, losses } = mergeRecords(fromProbes, fromKernel, intervalMs);
    const probes = [...this.#probes.workTimesMs()].map(([processId, workMs]) => ({ processId, workMs }));
    const witnessed = await this.#observed(records);
    const processes = this.#withSamples(programs);
    const warnings = [...this.#probes.losses(), ...(this.#kernel?.losses() ?? []), ...losses];
    await this.close();
    const { taken: ticksTaken, missed: ticksMissed } = this.#sampling.ticks;
    const itsFlows = typeof flows === "function" ? flows(witnessed) : [...flows];
    return {
      schemaVersion: SCHEMA_VERSION,
      startedAt: clock.startedAt,
      durationMs: maximum([endedMs, ...witnessed.flatMap(({ closedAtMs }) => closedAtMs ?? [])]),
      environment: describeEnvironment(),
      sampling: { intervalMs, sampler, ticksTaken, ticksMissed, membership: this.#membership() },
      overhead: { ...overhead, probes },
      ...(capture && { capture: capture.outcome() }),
      ...(warnings.length > 0 && { warnings }),
      flows: itsFlows.map(({ name, label }) => ({ name, label })),
      processes,
      ...buildLedger(witnessed, itsFlows, relayed, messages?.routine),
    };
  }

  /** Also where there was nothing to finish. */
  async close(): Promise<void> {
    await Promise.all([this.#sampling.stop(), this.#resources.stop()]);
    await Promise.all([this.#probes.close(), this.#kernel?.close()]);
  }

  #processesOf(program: MeasuredProgram): readonly number[] {
    if (this.#options.includeChildren ?? true) return program.processes();
    return program.hasProcesses ? [program.pid] : [];
  }

  #membership(): RunResult["sampling"]["membership"] {
    const { includeChildren = true, programs } = this.#options;
    if (!includeChildren) return "process-only";
    return programs.every(({ group }) => group) ? "control-group" : "process-tree";
  }

  #living(): MeasuredProgram[] {
    const living = new Map<string, MeasuredProgram>();
    // Of one that was started again, its last start.
    for (const program of this.#options.programs) if (program.hasProcesses) living.set(program.id, program);
    for (const { pid } of living.values()) this.#ownPids.add(pid);
    return [...living.values()];
  }

  /** Without the sockets of descendants, where those are not measured. */
  #ofMeasured(records: readonly SocketRecord[]): readonly SocketRecord[] {
    if (this.#options.includeChildren ?? true) return records;
    return records.filter(({ pid }) => this.#ownPids.has(pid));
  }

  /** Of a socket that was there before the run, an observer does not know where the run began. */
  async #observed(records: readonly SocketRecord[]): Promise<SocketRecord[]> {
    const attached = new Set(this.#options.programs.filter((one) => one.isAttached).map(({ id }) => id));
    const observable = records.filter(({ processId }) => !attached.has(processId));
    let witnessed = [...records];
    for (const observer of this.#observers)
      witnessed = attachObservations(witnessed, observer.name, await observer.observe(observable));
    return witnessed;
  }

  #withSamples(programs: Played["programs"]): MeasuredProcess[] {
    const loopDelays = this.#probes.loopDelays();
    return joinLives(programs).map((measured) => {
      const delays = loopDelays.get(measured.id)?.toSorted((one, other) => one.timeMs - other.timeMs);
      const samples = this.#sampling.samplesOf(measured.id);
      const resources = this.#resources.of(measured.id);
      return {
        ...measured,
        samples,
        ...(resources && { resources: [...resources] }),
        ...(delays && { loopDelays: delays }),
      };
    });
  }

  #now(): ProcessNow[] {
    // The probe's, where it has spoken: it is told at once.
    const totals = new Map([...(this.#kernel?.totals() ?? []), ...this.#probes.totals()]);
    // Of one that was started again, its last start.
    const programs = new Map(this.#options.programs.map((program) => [program.id, program])).values();
    return [...programs].map(({ id, hasProcesses }) => ({
      id,
      sample: (hasProcesses && this.#sampling.samplesOf(id).at(-1)) || null,
      bytesWritten: totals.get(id)?.bytesWritten ?? 0,
      bytesRead: totals.get(id)?.bytesRead ?? 0,
    }));
  }
}
