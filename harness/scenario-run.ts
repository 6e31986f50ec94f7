// The world that one run gives to its scenario: programs, ports, phases and pauses. It keeps what happened in it.
import { setTimeout as delay } from "node:timers/promises";
import { findFreePort } from "./free-port.ts";
import { type ProgramHost, RunningProgram } from "./program.ts";
import type { Phase } from "./result.ts";
import type { Program, ProgramSpec, ScenarioContext } from "./scenario.ts";
import { StepFailure } from "./step-failure.ts";

const STOP_GRACE_MS = 2_000;

export interface ScenarioRunOptions {
  /** Each one that is started is added. */
  readonly programs: RunningProgram[];
  readonly durationMs: number;
  readonly directory: string;
  readonly host: ProgramHost;
  /** Added to the environment of the program with that id. */
  environmentFor(processId: string): Record<string, string>;
  onPhase(name: string, timeMs: number): void;
}

export class ScenarioRun implements ScenarioContext {
  readonly phases: Phase[] = [];
  readonly #options: ScenarioRunOptions;
  #phase: { name: string; startMs: number } | null = null;

  constructor(options: ScenarioRunOptions) {
    this.#options = options;
  }

  get durationMs(): number {
    return this.#options.durationMs;
  }

  get directory(): string {
    return this.#options.directory;
  }

  async start(spec: ProgramSpec): Promise<Program> {
    const { programs, host, environmentFor } = this.#options;
    host.signal.throwIfAborted();
    if (programs.some(({ id }) => id === spec.id)) {
      throw new StepFailure(`two programs of the scenario have the id "${spec.id}"`, spec.id);
    }
    const program = await RunningProgram.start(spec, environmentFor(spec.id), host);
    programs.push(program);
    return program;
  }

  freePort(consecutive = 1): Promise<number> {
    return findFreePort(consecutive);
  }

  phase(name: string): void {
    this.endPhase();
    this.#phase = { name, startMs: this.#options.host.nowMs() };
    this.#options.onPhase(name, this.#phase.startMs);
  }

  endPhase(): void {
    if (this.#phase) this.phases.push({ ...this.#phase, endMs: this.#options.host.nowMs() });
    this.#phase = null;
  }

  async pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#options.host.signal });
  }

  async until(timeMs: number): Promise<void> {
    const { nowMs } = this.#options.host;
    while (nowMs() < timeMs) await this.pause(timeMs - nowMs());
  }

  /** What the scenario left running. All at once: a scenario that cares for the order stops its programs itself. */
  async stopAll(): Promise<void> {
    await Promise.all(this.#options.programs.map((program) => program.stop({ withinMs: STOP_GRACE_MS })));
  }
}
