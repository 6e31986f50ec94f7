// Reads once a second what programs use besides CPU and memory.
import type { ResourceSample } from "../result/result.ts";
import { ResourceReader } from "./resource-reader.ts";
import { keepSchedule } from "./schedule.ts";

const INTERVAL_MS = 1_000;

export interface ResourceProgram {
  readonly id: string;
  /** Which of its starts it is. */
  readonly pid: number;
}

export interface ResourceSamplingOptions<Program extends ResourceProgram> {
  nowMs: () => number;
  /** Those that live now. */
  programs: () => readonly Program[];
  processesOf: (program: Program) => readonly number[];
}

export class ResourceSampling<Program extends ResourceProgram> {
  readonly #options: ResourceSamplingOptions<Program>;
  readonly #stopping = new AbortController();
  readonly #finished: Promise<void>;
  readonly #readers = new Map<string, { pid: number; reader: ResourceReader }>();
  readonly #samples = new Map<string, ResourceSample[]>();

  constructor(options: ResourceSamplingOptions<Program>) {
    this.#options = options;
    const { nowMs, programs } = options;
    const onTick = async () => {
      for (const program of programs()) this.#read(program, false);
    };
    const signal = this.#stopping.signal;
    const ticks = { taken: 0, missed: 0, errorsMs: [] };
    this.#finished = isSupported
      ? keepSchedule({ intervalMs: INTERVAL_MS, nowMs, onTick, signal }, ticks)
      : Promise.resolve();
  }

  /** Before a program is asked to end: what it has used in all, PSS too. */
  readLast(program: Program): void {
    if (isSupported) this.#read(program, true);
  }

  of(programId: string): readonly ResourceSample[] | undefined {
    return this.#samples.get(programId);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#finished;
  }

  #read(program: Program, isLast: boolean): void {
    const { nowMs, processesOf } = this.#options;
    const { id, pid } = program;
    let known = this.#readers.get(id);
    if (known?.pid !== pid) known = { pid, reader: new ResourceReader() };
    this.#readers.set(id, known);
    const sample = known.reader.read(processesOf(program), nowMs(), isLast);
    if (!sample) return;
    const samples = this.#samples.get(id);
    if (samples) samples.push(sample);
    else this.#samples.set(id, [sample]);
  }
}

const isSupported = process.platform === "linux";
