// The world that one run gives to its scenario: programs, ports, phases and pauses. It keeps what happened in it.

import { rm } from "node:fs/promises";
import type { ControlGroup } from "../cgroup/control-group.ts";
import { ProxyWire } from "../fault-proxy/proxy-wire.ts";
import type { Relayed } from "../fault-proxy/relayed-connection.ts";
import type { Caretaker } from "../leftovers/caretaker.ts";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import { findFreePort } from "../programs/free-port.ts";
import { NetworkNamespace } from "../programs/isolated-network.ts";
import { PrintedSeries } from "../programs/printed-series.ts";
import { type ProgramHost, RunningProgram } from "../programs/program.ts";
import type { Figure, Outage, Phase, Plot, RunEvent } from "../result/result.ts";
import { refuseUnlessFits } from "../scenario/findings.ts";
import type {
  Flow,
  IsolatedNetwork,
  OpenOutage,
  Program,
  ProgramSpec,
  ScenarioContext,
  Wire,
  WireSpec,
} from "../scenario/scenario.ts";
import {
  figureSchema,
  flowSchema,
  nameSchema,
  plotSchema,
  programSchema,
  timeSchema,
  wireSchema,
} from "../scenario/scenario-schema.ts";
import { callerOf, callSite } from "../scenario/source-place.ts";
import { StepFailure } from "../scenario/step-failure.ts";
import { delay } from "../time/timers.ts";
import type { Progress } from "./progress.ts";

const STOP_GRACE_MS = 2_000;
const LOOPBACK = "127.0.0.1";

export interface ScenarioRunOptions {
  /** Each one that is started is added. */
  readonly programs: RunningProgram[];
  readonly durationMs: number;
  readonly directory: string;
  /** Where programs start. */
  readonly startFolder: string;
  readonly settings: Readonly<Record<string, number>>;
  readonly nowMs: () => number;
  /** Ends every wait of the scenario, and forbids it to start anything more. */
  readonly signal: AbortSignal;
  readonly caretaker: Caretaker;
  readonly progress: Progress;
  /** For a program that is about to start; null where none can be made. */
  makeControlGroup(programId: string): ControlGroup | null;
  /** What has to be loaded into a program besides the probe. */
  equip(spec: ProgramSpec): ProgramSpec;
  /** Has its bytes counted; resolves with the reason if they cannot be. */
  watch(spec: ProgramSpec, program: RunningProgram): Promise<string | null>;
  onPhaseEnd(): void;
  /** A program is about to be asked to end. */
  onStopping(program: RunningProgram): void;
  /** Stands over the program's own environment. */
  environmentFor(spec: ProgramSpec): Record<string, string>;
}

export class ScenarioRun implements ScenarioContext {
  readonly events: RunEvent[] = [];
  readonly phases: Phase[] = [];
  readonly series = new PrintedSeries();
  readonly outages: Outage[] = [];
  /** Those that the scenario added while it ran. */
  readonly flows: Flow[] = [];
  readonly figures: Figure[] = [];
  readonly plots: Plot[] = [];
  /** What went through fault proxies, once all is stopped. */
  readonly relayed: Relayed[] = [];
  readonly #options: ScenarioRunOptions;
  readonly #host: ProgramHost;
  readonly #starting = new Set<Promise<unknown>>();
  readonly #wires: ProxyWire[] = [];
  readonly #networks: NetworkNamespace[] = [];
  readonly #startingIds = new Set<string>();
  readonly #folders: string[] = [];
  #phase: { name: string; startMs: number } | null = null;

  constructor(options: ScenarioRunOptions) {
    const { nowMs, signal, caretaker, progress, startFolder } = options;
    const onEvent = (event: RunEvent) => {
      this.events.push(event);
      progress.event(event);
    };
    this.#options = options;
    this.#host = {
      nowMs,
      signal,
      caretaker,
      onEvent,
      directory: startFolder,
      onStopping: (program) => options.onStopping(program),
      makeControlGroup: (id) => options.makeControlGroup(id),
      idOf: (pid) => options.programs.find((program) => program.pid === pid)?.id,
      onLine: (...line) => this.series.take(...line),
    };
  }

  get durationMs(): number {
    return this.#options.durationMs;
  }

  get directory(): string {
    return this.#options.directory;
  }

  get settings(): Readonly<Record<string, number>> {
    return this.#options.settings;
  }

  flow(flow: Flow): void {
    refuseUnlessFits(flowSchema, flow, "flow", this.flow);
    this.flows.push(flow);
  }

  figure(figure: Figure): void {
    const { name, values } = figure;
    if (Array.isArray(values) && !(values.length > 0 && values.every(Number.isFinite)))
      throw new StepFailure(
        `the figure "${name}" has no number: ${values.join(", ") || "nothing"}`,
        null,
        [],
        {
          place: callerOf(this.figure),
        },
      );
    refuseUnlessFits(figureSchema, figure, "figure", this.figure);
    this.figures.push(figure);
  }

  plot(plot: Plot): void {
    refuseUnlessFits(plotSchema, plot, "plot", this.plot);
    this.plots.push(plot);
  }

  async start(spec: ProgramSpec): Promise<Program> {
    const { programs, signal, watch } = this.#options;
    signal.throwIfAborted();
    refuseUnlessFits(programSchema, spec, "start", this.start);
    const isTaken = programs.some(({ id, isAlive }) => id === spec.id && isAlive);
    if (isTaken || this.#startingIds.has(spec.id))
      throw new StepFailure(`a program with the id "${spec.id}" is running already`, null, [], {
        hints: ["Write another id, or wait until the first has ended: await program.ended()"],
        place: callerOf(this.start),
      });
    const place = callSite(this.start);
    const starting = this.#launch(spec);
    this.#starting.add(starting);
    const program = await starting.catch((thrown) => {
      throw thrown instanceof StepFailure ? thrown.at(place()) : thrown;
    });
    const problem = await watch(spec, program);
    if (problem) throw new StepFailure(`the bytes of ${spec.id} cannot be counted: ${problem}`);
    return program;
  }

  async #launch(spec: ProgramSpec): Promise<RunningProgram> {
    const { programs, environmentFor, equip } = this.#options;
    this.#startingIds.add(spec.id);
    try {
      const equipped = equip(spec);
      const program = await RunningProgram.start(equipped, environmentFor(equipped), this.#host);
      programs.push(program);
      return program;
    } finally {
      this.#startingIds.delete(spec.id);
    }
  }

  async proxy(spec: WireSpec): Promise<Wire> {
    refuseUnlessFits(wireSchema, spec, "proxy", this.proxy);
    const { id, to, listen = {}, seed = 1 } = spec;
    const { signal, caretaker } = this.#options;
    const port = listen.port ?? (await findFreePort(1));
    signal.throwIfAborted();
    const opening = ProxyWire.open(
      {
        id,
        listen: { host: listen.host ?? LOOPBACK, port },
        target: { host: to.host ?? LOOPBACK, port: to.port },
        seed,
      },
      caretaker,
    );
    this.#starting.add(opening);
    const wire = await opening;
    this.#wires.push(wire);
    return wire;
  }

  async isolatedNetwork(): Promise<IsolatedNetwork | null> {
    this.#options.signal.throwIfAborted();
    const making = NetworkNamespace.make(this.#options.caretaker);
    this.#starting.add(making);
    const network = await making;
    if (network) this.#networks.push(network);
    return network;
  }

  async temporaryFolder(): Promise<string> {
    const { caretaker, signal } = this.#options;
    signal.throwIfAborted();
    const making = makeTemporaryFolder("scenario");
    this.#starting.add(making);
    const folder = await making;
    caretaker.watchFolder(folder);
    this.#folders.push(folder);
    return folder;
  }

  freePort(consecutive = 1): Promise<number> {
    return findFreePort(consecutive);
  }

  phase(name: string): void {
    refuseUnlessFits(nameSchema, name, "phase", this.phase);
    this.#options.onPhaseEnd();
    const startMs = this.#options.nowMs();
    this.#endPhase(startMs);
    this.#phase = { name, startMs };
    this.#options.progress.phase(name, startMs);
  }

  outage(label: string): OpenOutage {
    refuseUnlessFits(nameSchema, label, "outage", this.outage);
    const { nowMs } = this.#options;
    const outage: Outage = { label, startMs: nowMs(), endMs: Number.POSITIVE_INFINITY };
    this.outages.push(outage);
    return {
      startMs: outage.startMs,
      end: () => {
        outage.endMs = Math.min(outage.endMs, nowMs());
      },
    };
  }

  /** The run is over: what the scenario left open ends now. */
  close(): void {
    this.#endPhase(this.#options.nowMs());
    for (const outage of this.outages) outage.endMs = Math.min(outage.endMs, this.#options.nowMs());
  }

  async pause(ms: number): Promise<void> {
    refuseUnlessFits(timeSchema, ms, "pause", this.pause);
    await delay(ms, undefined, { signal: this.#options.signal });
  }

  async until(timeMs: number): Promise<void> {
    refuseUnlessFits(timeSchema, timeMs, "until", this.until);
    const { nowMs } = this.#options;
    while (nowMs() < timeMs) await this.pause(timeMs - nowMs());
  }

  /**
   * Stops what the scenario left running or is still starting. All at once: a scenario that cares for the order stops
   * its programs itself.
   */
  async stopAll(): Promise<void> {
    await Promise.allSettled(this.#starting);
    await Promise.all(this.#options.programs.map((program) => program.stop({ withinMs: STOP_GRACE_MS })));
    // Last, so that what the programs said in the end went through.
    for (const wire of this.#wires) this.relayed.push(...(await wire.stop()));
    for (const network of this.#networks) await network.remove();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }

  #endPhase(endMs: number): void {
    if (this.#phase) this.phases.push({ ...this.#phase, endMs });
    this.#phase = null;
  }
}
