// Everything that measures one run: the witnesses that count bytes, the sampler that reads CPU and memory, and what
// measuring itself costs. It gives the part of the result that is measured; what was played is the caller's part.
import type { RunCapture } from "../capture/run-capture.ts";
import type { Relayed } from "../fault-proxy/relayed.ts";
import { buildLedger } from "../ledger/ledger.ts";
import { withObserved } from "../ledger/observed.ts";
import { type ProbeReceiver, startProbeReceiver } from "../probe/receiver.ts";
import { joinLives } from "../result/restarts.ts";
import { type MeasuredProcess, type RunResult, SCHEMA_VERSION } from "../result/result.ts";
import { createSampler, type SamplerName } from "../samplers/choose-sampler.ts";
import { createDescendantsFinder, type FindDescendants, findNone } from "../samplers/descendants.ts";
import type { SampledProcess } from "../samplers/sampler.ts";
import { type Sampling, startSampling } from "../samplers/sampling.ts";
import type { Flow, MessageFormat, ProgramSpec } from "../scenario/scenario.ts";
import { chooseWitness, type WitnessName } from "../witness/choose-witness.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import { SsWitness } from "../witness/ss/ss-witness.ts";
import type { Observer, Witness } from "../witness/witness.ts";
import { describeEnvironment } from "./environment.ts";
import { watchOverhead } from "./overhead.ts";
import type { ProcessNow, Progress } from "./progress.ts";
import type { RunClock } from "./run-clock.ts";

export interface MeasuredProgram extends SampledProcess {
  readonly isAlive: boolean;
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
}

export interface Played {
  /** What the result says of each program, beside what is measured here. */
  readonly programs: readonly Omit<MeasuredProcess, "samples">[];
  /** They may depend on the sockets that were found. */
  readonly flows: readonly Flow[] | ((records: readonly SocketRecord[]) => Flow[]);
  readonly relayed?: readonly Relayed[];
}

type CountedSpec = Pick<ProgramSpec, "id" | "countedBy">;

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
  readonly #witnesses: Readonly<Record<WitnessName, Witness>>;
  readonly #observers: readonly Observer[];
  readonly #findDescendants: FindDescendants;
  readonly #sampling: Sampling;
  readonly #closeOverhead: ReturnType<typeof watchOverhead>;

  /** Resolves when every witness is at work: programs may start from now on. */
  static async begin(options: MeasurementOptions): Promise<Measurement> {
    const { intervalMs, clock } = options;
    const probes = await startProbeReceiver({ ...options, nowMs: clock.nowMs });
    return new Measurement(options, probes, new SsWitness({ intervalMs, nowMs: clock.nowMs }));
  }

  private constructor(options: MeasurementOptions, probes: ProbeReceiver, kernel: SsWitness) {
    const {
      clock,
      intervalMs,
      programs,
      progress,
      capture,
      includeChildren = true,
      includeIo = false,
    } = options;
    const { nowMs } = clock;
    this.#options = options;
    this.#probes = probes;
    this.#witnesses = { probe: probes, kernel };
    this.#observers = capture ? [kernel, capture] : [kernel];
    this.#findDescendants = includeChildren ? createDescendantsFinder() : findNone;
    this.#closeOverhead = watchOverhead(nowMs);
    this.#sampling = startSampling({
      sampler: createSampler(options.sampler, { nowMs, intervalMs, includeChildren, includeIo }),
      intervalMs,
      nowMs,
      processes: () => programs.filter(({ isAlive }) => isAlive),
      onSamples: () => progress.now(nowMs(), this.#now()),
    });
  }

  /** With these variables a program is to be started. */
  environmentFor(spec: CountedSpec): Record<string, string> {
    return this.#witnesses[chooseWitness(spec)].environmentFor(spec.id);
  }

  /** As soon as the program runs. Resolves with the reason if its bytes cannot be counted. */
  watch(spec: CountedSpec, program: MeasuredProgram): Promise<string | null> {
    const { id, pid, isAttached = false } = program;
    const pids = () => (program.isAlive ? [pid, ...this.#findDescendants(pid)] : []);
    return this.#witnesses[chooseWitness(spec)].watch({ id, pid, pids, isAttached });
  }

  /** A phase ends: what was carried until now is its own. */
  look(): void {
    for (const witness of Object.values(this.#witnesses)) void witness.look();
  }

  /** When all programs have ended, or are left alone. */
  async finish({ programs, flows, relayed = [] }: Played): Promise<MeasuredPart> {
    const { intervalMs, sampler, clock, capture, messages } = this.#options;
    await this.#sampling.stop();
    const overhead = this.#closeOverhead(this.#sampling.ticks);
    const witnesses = Object.values(this.#witnesses);
    const records: SocketRecord[] = [];
    for (const witness of witnesses) records.push(...(await witness.finish()));
    const probes = [...this.#probes.workTimesMs()].map(([processId, workMs]) => ({ processId, workMs }));
    const witnessed = await this.#observed(records);
    const processes = this.#withSamples(programs);
    const warnings = witnesses.flatMap((witness) => witness.losses());
    await this.close();
    const { taken: ticksTaken, missed: ticksMissed } = this.#sampling.ticks;
    const itsFlows = typeof flows === "function" ? flows(witnessed) : [...flows];
    return {
      schemaVersion: SCHEMA_VERSION,
      startedAt: clock.startedAt,
      durationMs: clock.nowMs(),
      environment: describeEnvironment(),
      sampling: { intervalMs, sampler, ticksTaken, ticksMissed },
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
    await this.#sampling.stop();
    for (const witness of Object.values(this.#witnesses)) await witness.close();
  }

  /** Of a socket that was there before the run, an observer does not know where the run began. */
  async #observed(records: readonly SocketRecord[]): Promise<SocketRecord[]> {
    const attached = new Set(this.#options.programs.filter((one) => one.isAttached).map(({ id }) => id));
    const observable = records.filter(({ processId }) => !attached.has(processId));
    let witnessed = [...records];
    for (const observer of this.#observers)
      witnessed = withObserved(witnessed, observer.name, await observer.observe(observable));
    return witnessed;
  }

  #withSamples(programs: Played["programs"]): MeasuredProcess[] {
    const loopDelays = this.#probes.loopDelays();
    return joinLives(programs).map((measured) => {
      const delays = loopDelays.get(measured.id)?.toSorted((one, other) => one.timeMs - other.timeMs);
      const samples = this.#sampling.samplesOf(measured.id);
      return { ...measured, samples, ...(delays && { loopDelays: delays }) };
    });
  }

  #now(): ProcessNow[] {
    const totals = new Map(Object.values(this.#witnesses).flatMap((witness) => [...witness.totals()]));
    // Of one that was started again, its last start.
    const programs = new Map(this.#options.programs.map((program) => [program.id, program])).values();
    return [...programs].map(({ id, isAlive }) => ({
      id,
      sample: (isAlive && this.#sampling.samplesOf(id).at(-1)) || null,
      bytesWritten: totals.get(id)?.bytesWritten ?? 0,
      bytesRead: totals.get(id)?.bytesRead ?? 0,
    }));
  }
}
