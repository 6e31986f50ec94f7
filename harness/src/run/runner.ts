// Plays one scenario: start → steps → stop → RunResult. Whatever happens on the way, a failed step, a crash or
// Ctrl-C, every program ends and what was measured so far is returned.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beginCapture } from "../capture/run-capture.ts";
import { ControlGroups } from "../cgroup/control-groups.ts";
import { judge } from "../checks/outcome.ts";
import type { Instruments } from "../instruments/instruments.ts";
import { type Caretaker, startCaretaker } from "../leftovers/caretaker.ts";
import { findLeaks, listHeldResources } from "../leftovers/leak-check.ts";
import { MarkedProcesses } from "../leftovers/marked-processes.ts";
import { makeTemporaryFolder } from "../leftovers/temporary-folder.ts";
import type { RunningProgram } from "../programs/program.ts";
import type { Failure, RunResult } from "../result/result.ts";
import type { TimingMode } from "../result/verdict.ts";
import { type SamplerName, warmUpSampler } from "../samplers/choose-sampler.ts";
import type { Flow, Scenario } from "../scenario/scenario.ts";
import { StepFailure, toFailure } from "../scenario/step-failure.ts";
import { delay } from "../time/timers.ts";
import { prepareKernelWitness } from "../witness/choose-witness.ts";
import { leftRunning, outOfSight } from "./left-behind.ts";
import { Measurement } from "./measurement.ts";
import type { Progress } from "./progress.ts";
import { startClock } from "./run-clock.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { StrayFailures } from "./stray-failures.ts";

/** How much longer than announced a scenario may take before it counts as hanging. */
const OVERTIME_MS = 60_000;

export interface RunOptions {
  durationMs: number;
  intervalMs: number;
  sampler: SamplerName;
  /** Where programs start. Default: the current folder. */
  directory?: string;
  /** Default: the scenario's own. */
  settings?: Record<string, number>;
  progress: Progress;
  instruments?: Instruments;
  /** What is said on connections is kept, as far as the scenario says what a message is. */
  keepsMessages?: boolean;
  /** Has the kernel report every socket, where it can; starting that takes 2 s. Default: false. */
  tracesKernel?: boolean;
  /** Where a capture of the run's traffic is left, if one is wanted. */
  captureFolder?: string | undefined;
  /** Whether a limit of time that is missed fails the run; "enforce" by default. */
  timing?: TimingMode;
  /** Aborted with a StepFailure when the user wants no more. */
  interruption: AbortSignal;
}

export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  await warmUpSampler(options.sampler);
  const before = listHeldResources();
  const result = await measureAndJudge(scenario, options);
  const leaks = await findLeaks(before);
  return leaks.length > 0 ? { ...result, leaks } : result;
}

async function measureAndJudge(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const caretaker = startCaretaker();
  const directory = await makeTemporaryFolder("scenario");
  caretaker.watchFolder(directory);
  try {
    const result = await measure(scenario, options, caretaker, directory);
    return result.status === "passed" ? judge(result, scenario.checks, options.timing) : result;
  } finally {
    await rm(directory, { recursive: true, force: true });
    await caretaker.dismiss();
  }
}

async function measure(
  scenario: Scenario,
  options: RunOptions,
  caretaker: Caretaker,
  directory: string,
): Promise<RunResult> {
  const { durationMs, intervalMs, sampler, progress, interruption, instruments, captureFolder } = options;
  const settings = options.settings ?? scenario.settings ?? {};
  const folders = { probes: join(directory, "probes"), run: join(directory, "run") };
  await Promise.all([mkdir(folders.probes), mkdir(folders.run)]);
  const groups = ControlGroups.make((path) => caretaker.watchControlGroup(path));
  const [capture, kernel] = await Promise.all([
    captureFolder === undefined ? null : beginCapture(captureFolder, caretaker),
    scenario.countsBytes === false
      ? null
      : options.tracesKernel
        ? prepareKernelWitness(intervalMs, groups)
        : prepareKernelWitness(intervalMs, null, "omit --no-trace, as root."),
  ]);
  const clock = startClock();
  const { nowMs } = clock;
  const programs: RunningProgram[] = [];
  const measurement = await Measurement.begin({
    programs,
    clock,
    intervalMs,
    progress,
    sampler,
    directory: folders.probes,
    leftovers: [directory],
    messages: scenario.messages,
    keepsMessages: options.keepsMessages ?? false,
    capture,
    kernel,
  });
  const marked = groups ? null : new MarkedProcesses();
  const over = new AbortController();
  const run = new ScenarioRun({
    programs,
    nowMs,
    progress,
    durationMs,
    directory: folders.run,
    startFolder: options.directory ?? process.cwd(),
    settings,
    caretaker,
    signal: AbortSignal.any([interruption, over.signal]),
    watch: (spec, program) => measurement.watch(spec, program),
    onPhaseEnd: () => measurement.look(),
    onStopping: (program) => measurement.onStopping(program),
    equip: (spec) => instruments?.equip(spec) ?? spec,
    environmentFor: (spec) => ({ ...measurement.environmentFor(spec), ...marked?.environment }),
    makeControlGroup: (id) => groups?.makeFor(id) ?? null,
  });

  const strays = new StrayFailures();
  const failure = await play(scenario, run, {
    interruption,
    stray: strays.first,
    limitMs: durationMs + OVERTIME_MS,
  });
  over.abort(new StepFailure("the run is over"));
  const left = programs.flatMap(leftRunning);
  await run.stopAll();
  strays.release();
  run.close();
  await groups?.end();
  const strangers = (await marked?.end()) ?? [];
  const measured = await measurement.finish({
    programs: programs.map((program) => program.measured()),
    flows: [...run.flows, ...scenario.flows],
    relayed: run.relayed,
  });

  const warnings = [...(measured.warnings ?? []), ...left, ...outOfSight(strangers)];
  const { name, title, description } = scenario;
  return {
    ...measured,
    ...(warnings.length > 0 && { warnings }),
    scenario: { name, title, description },
    status: interruption.aborted ? "interrupted" : failure ? "failed" : "passed",
    failure,
    flows: eachOnce([...scenario.flows, ...run.flows]),
    ...(instruments && instruments.names.length > 0 && { instruments: instruments.names }),
    events: run.events.toSorted((one, other) => one.timeMs - other.timeMs),
    series: run.series.all(),
    phases: run.phases,
    outages: run.outages,
    ...(scenario.countsBytes === false && { countsBytes: scenario.countsBytes }),
    ...(scenario.settings && { settings }),
    ...(run.figures.length > 0 && { figures: run.figures }),
    ...(run.plots.length > 0 && { plots: run.plots }),
    checks: [],
  };
}

/** Several rules may name one flow; its first label counts. */
function eachOnce(flows: readonly Flow[]): RunResult["flows"] {
  const labels = new Map(flows.toReversed().map(({ name, label }) => [name, label]));
  const names = new Set(flows.map(({ name }) => name));
  return [...names].map((name) => ({ name, label: labels.get(name)! }));
}

/** Says what went wrong, if anything did. A scenario that was interrupted or takes too long is not waited for. */
async function play(
  scenario: Scenario,
  run: ScenarioRun,
  { interruption, stray, limitMs }: { interruption: AbortSignal; stray: Promise<never>; limitMs: number },
): Promise<Failure | null> {
  const finished = new AbortController();
  const givenUp = new Promise<never>((_, reject) => {
    const hanging = new StepFailure(`the scenario did not end within ${limitMs} ms`);
    delay(limitMs, null, { signal: finished.signal }).then(
      () => reject(hanging),
      () => {},
    );
    interruption.addEventListener("abort", () => reject(interruption.reason), { signal: finished.signal });
  });
  try {
    interruption.throwIfAborted();
    await Promise.race([scenario.run(run), givenUp, stray]);
    return null;
  } catch (thrown) {
    return toFailure(interruption.aborted ? interruption.reason : thrown);
  } finally {
    finished.abort();
  }
}
