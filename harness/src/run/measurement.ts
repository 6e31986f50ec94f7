// Everything that measures one run: the probes inside its processes, the sampler outside, and what it tells the
// progress meanwhile.
import type { RunCapture } from "../capture/run-capture.ts";
import type { Relayed } from "../fault-proxy/relayed.ts";
import { buildLedger } from "../ledger/ledger.ts";
import { withObserved } from "../ledger/observed.ts";
import { type ProbeReceiver, startProbeReceiver } from "../probe/receiver.ts";
import type { LoopDelay, RunResult } from "../result/result.ts";
import { createSampler, type SamplerName } from "../samplers/choose-sampler.ts";
import { createDescendantsFinder } from "../samplers/descendants.ts";
import type { SampledProcess } from "../samplers/sampler.ts";
import { type Sampling, startSampling } from "../samplers/sampling.ts";
import type { Flow, MessageFormat } from "../scenario/scenario.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import { type KernelSockets, watchKernelSockets } from "../witness/ss/kernel-sockets.ts";
import { watchKernelWitness } from "../witness/ss/kernel-witness.ts";
import { watchOverhead } from "./overhead.ts";
import type { ProcessNow, Progress } from "./progress.ts";

/** The kernel tells of a socket when it is gone, which can take a moment. */
const LAST_WORDS_MS = 400;

export interface MeasurementOptions {
  /** Empty, for the probes' sockets. */
  readonly directory: string;
  /** What a probe removes when the harness was killed. */
  readonly leftovers: string[];
  readonly intervalMs: number;
  readonly sampler: SamplerName;
  readonly messages: MessageFormat | undefined;
  readonly keepsMessages: boolean;
  readonly nowMs: () => number;
  /** Grows while the run is on. */
  readonly programs: readonly (SampledProcess & { isAlive: boolean })[];
  readonly progress: Progress;
  readonly capture: RunCapture | null;
}

export class Measurement {
  readonly #options: MeasurementOptions;
  readonly #probes: ProbeReceiver;
  readonly #sampling: Sampling;
  readonly #kernelSockets: KernelSockets[] = [];
  readonly #kernelWitness = watchKernelWitness();
  readonly #closeOverhead: ReturnType<typeof watchOverhead>;

  static async begin(options: MeasurementOptions): Promise<Measurement> {
    return new Measurement(options, await startProbeReceiver(options));
  }

  private constructor(options: MeasurementOptions, probes: ProbeReceiver) {
    const { nowMs, intervalMs, programs, progress } = options;
    this.#options = options;
    this.#probes = probes;
    this.#closeOverhead = watchOverhead(nowMs);
    this.#sampling = startSampling({
      sampler: createSampler(options.sampler, { nowMs, intervalMs }),
      intervalMs,
      nowMs,
      processes: () => programs.filter(({ isAlive }) => isAlive),
      onSamples: () => progress.now(nowMs(), this.#now()),
    });
  }

  /** For a program without a probe, as soon as it runs. Throws where the kernel cannot be asked. */
  async watchSockets({ id, pid }: SampledProcess): Promise<void> {
    const findDescendants = createDescendantsFinder();
    const { intervalMs, nowMs } = this.#options;
    const pids = () => [pid, ...findDescendants(pid)];
    const watch = await watchKernelSockets({ processId: id, intervalMs, nowMs, pids, isAttached: false });
    if (!watch)
      throw new StepFailure(`the bytes of ${id} cannot be counted: that takes the program ss, of iproute2`);
    this.#kernelSockets.push(watch);
  }

  /** A phase ends: what was carried until now is its own. */
  lookAtSockets(): void {
    for (const watch of this.#kernelSockets) void watch.look();
  }

  /** With these variables a program reports its sockets. */
  environmentFor(processId: string): Record<string, string> {
    return this.#probes.environmentFor(processId);
  }

  samplesOf(processId: string) {
    return this.#sampling.samplesOf(processId);
  }

  /** Undefined if no probe was in it. */
  loopDelaysOf(processId: string): LoopDelay[] | undefined {
    return this.#probes
      .loopDelays()
      .get(processId)
      ?.toSorted((one, other) => one.timeMs - other.timeMs);
  }

  /** When all programs have ended: their part of the result. */
  async finish(
    flows: Flow[],
    relayed: readonly Relayed[],
  ): Promise<Pick<RunResult, "sampling" | "overhead" | "capture" | "sockets" | "connections">> {
    await this.#sampling.stop();
    const overhead = this.#closeOverhead(this.#sampling.ticks);
    for (const watch of this.#kernelSockets) await watch.stop();
    const counted = this.#kernelSockets.flatMap(({ records }) => records);
    const records = [...(await this.#probes.finish()), ...counted];
    const probes = [...this.#probes.workTimesMs()].map(([processId, workMs]) => ({ processId, workMs }));
    await this.#probes.close();
    const seenByKernel = await this.#kernelWitness.finish(records, LAST_WORDS_MS);
    const captured = await this.#options.capture?.finish(records);
    const witnessed = withObserved(
      withObserved(records, "kernel", seenByKernel),
      "captured",
      captured?.observed ?? [],
    );
    const { taken, missed } = this.#sampling.ticks;
    return {
      sampling: {
        intervalMs: this.#options.intervalMs,
        sampler: this.#options.sampler,
        ticksTaken: taken,
        ticksMissed: missed,
      },
      overhead: { ...overhead, probes },
      ...(captured && { capture: captured.outcome }),
      ...buildLedger(witnessed, flows, relayed, this.#options.messages?.routine),
    };
  }

  #now(): ProcessNow[] {
    const totals = this.#probes.totals();
    // Of one that was started again, its last life.
    const programs = new Map(this.#options.programs.map((program) => [program.id, program])).values();
    return [...programs].map(({ id, isAlive }) => ({
      id,
      sample: (isAlive && this.samplesOf(id).at(-1)) || null,
      bytesWritten: totals.get(id)?.bytesWritten ?? 0,
      bytesRead: totals.get(id)?.bytesRead ?? 0,
    }));
  }
}
