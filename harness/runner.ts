// Plays one scenario: start → steps → stop → RunResult. Whatever happens on the way, a failed step, a crash or
// Ctrl-C, every program ends and what was measured so far is returned.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Caretaker, hireCaretaker } from "./caretaker.ts";
import { judge } from "./checks.ts";
import { describeEnvironment } from "./environment.ts";
import { Measurement } from "./measurement.ts";
import type { RunningProgram } from "./program.ts";
import type { Progress } from "./progress.ts";
import { type Failure, type RunEvent, type RunResult, SCHEMA_VERSION } from "./result.ts";
import { warmUpPidusage } from "./samplers/pidusage-sampler.ts";
import type { Scenario } from "./scenario.ts";
import { ScenarioRun } from "./scenario-run.ts";
import { StepFailure, toFailure } from "./step-failure.ts";

/** How much longer than announced a scenario may take before it counts as hanging. */
const OVERTIME_MS = 60_000;

export interface RunOptions {
  durationMs: number;
  intervalMs: number;
  progress: Progress;
  /** Aborted with a StepFailure when the user wants no more. */
  interruption: AbortSignal;
}

export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  await warmUpPidusage();
  const caretaker = hireCaretaker();
  const directory = await mkdtemp(join(tmpdir(), "scenario-"));
  caretaker.watchFolder(directory);
  try {
    const result = await measure(scenario, options, caretaker, directory);
    return result.status === "passed" ? judge(result, scenario.checks) : result;
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
  const { durationMs, intervalMs, progress, interruption } = options;
  const { name, title, description, flows } = scenario;
  const folders = { probe: join(directory, "probe"), run: join(directory, "run") };
  await Promise.all([mkdir(folders.probe), mkdir(folders.run)]);
  const overtime = new AbortController();
  const signal = AbortSignal.any([interruption, overtime.signal]);
  const programs: RunningProgram[] = [];
  const events: RunEvent[] = [];

  const startedAt = new Date().toISOString();
  const startMs = performance.now();
  const nowMs = () => performance.now() - startMs;
  const measurement = await Measurement.begin({
    directory: folders.probe,
    leftovers: [directory],
    intervalMs,
    nowMs,
    programs,
    progress,
  });
  const run = new ScenarioRun({
    programs,
    durationMs,
    directory: folders.run,
    host: {
      nowMs,
      signal,
      caretaker,
      onEvent(event) {
        events.push(event);
        progress.event(event);
      },
    },
    environmentFor: (processId) => measurement.environmentFor(processId),
    onPhase: (phase, timeMs) => progress.phase(phase, timeMs),
  });

  const limitMs = durationMs + OVERTIME_MS;
  const timer = setTimeout(() => {
    overtime.abort(new StepFailure(`the scenario did not end within ${limitMs} ms`));
  }, limitMs);
  const failure = await play(scenario, run, signal);
  clearTimeout(timer);
  await run.stopAll();
  run.endPhase();
  const measured = await measurement.finish(flows);

  return {
    schemaVersion: SCHEMA_VERSION,
    scenario: { name, title, description },
    startedAt,
    durationMs: nowMs(),
    status: interruption.aborted ? "interrupted" : failure ? "failed" : "passed",
    failure,
    environment: describeEnvironment(),
    ...measured,
    flows: flows.map(({ name, label }) => ({ name, label })),
    processes: programs.map((program) => ({
      ...program.measured(),
      samples: measurement.samplesOf(program.id),
    })),
    events: events.toSorted((one, other) => one.timeMs - other.timeMs),
    phases: run.phases,
    checks: [],
  };
}

/** Resolves when the scenario has played, with what went wrong; an aborted run is not waited for. */
async function play(scenario: Scenario, run: ScenarioRun, signal: AbortSignal): Promise<Failure | null> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  try {
    signal.throwIfAborted();
    await Promise.race([scenario.run(run), aborted]);
    return null;
  } catch (thrown) {
    return toFailure(signal.aborted ? signal.reason : thrown);
  }
}
