// Builds two revisions and plays a scenario on them interleaved (A, B, B, A, A, …), so that slow changes of the machine
// affect both alike. This program measures both.
import type { Project } from "../project/project.ts";
import type { RunResult } from "../result/result.ts";
import { runScenario } from "../run/runner.ts";
import type { SamplerName } from "../samplers/choose-sampler.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { watchForInterruption } from "../terminal/interruption.ts";
import { LiveProgress } from "../terminal/live-progress.ts";
import { gatherRepeats, type Repeats } from "./repeats.ts";
import { buildRevision, type Revision } from "./revision.ts";
import { type Side, sideOf } from "./side.ts";

export interface PlayOptions {
  /** Default: the only one. */
  scenario?: string;
  repeat: number;
  /** Seconds; default: the scenario's own. */
  duration?: number;
  interval: number;
  sampler: SamplerName;
  project: Project;
}

export interface PlayedSides {
  names: [string, string];
  repeats: [Repeats, Repeats];
}

type Played<Value> = { ok: true; value: Value } | { ok: false; message: string };

/** The message says which build failed, or what a revision lacks. */
export async function compareRevisions(
  names: [string, string],
  commits: [string, string],
  options: PlayOptions,
): Promise<Played<PlayedSides>> {
  const interruption = watchForInterruption();
  const built: Revision[] = [];
  const onStep = (step: string) => console.log(`  ${step} …`);
  try {
    for (const [index, name] of names.entries()) {
      console.log(`Building ${name}`);
      const revision = await buildRevision(name, commits[index]!, options.project, onStep);
      if (!revision.ok) return revision;
      built.push(revision.value);
    }
    const sides: Side[] = [];
    for (const revision of built) {
      const side = await sideOf(revision, options.project, options.scenario);
      if (!side.ok) return side;
      sides.push(side.value);
    }
    const [before, after] = sides as [Side, Side];
    const played = await playInterleaved([before, after], options, interruption.signal);
    if (!played.ok) return played;
    const [first, second] = played.value.map((runs) => gatherRepeats(runs as [RunResult, ...RunResult[]]));
    return { ok: true, value: { names: [before.name, after.name], repeats: [first!, second!] } };
  } finally {
    for (const revision of built) await revision.remove();
    interruption.release();
  }
}

async function playInterleaved(
  sides: readonly [Side, Side],
  options: PlayOptions,
  interruption: AbortSignal,
): Promise<Played<[RunResult[], RunResult[]]>> {
  const results: [RunResult[], RunResult[]] = [[], []];
  for (let round = 0; round < options.repeat; round++) {
    for (const index of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const side = sides[index];
      const scenario = await side.loadScenario();
      console.log(`\nRun ${round + 1} of ${options.repeat} of ${side.name}`);
      const result = await playOnce(scenario, side, options, interruption);
      if (result.failure) return { ok: false, message: `${side.name} failed: ${result.failure.message}` };
      results[index].push(result);
    }
  }
  return { ok: true, value: results };
}

async function playOnce(
  scenario: Scenario,
  { directory }: Side,
  { duration, interval, sampler }: PlayOptions,
  interruption: AbortSignal,
): Promise<RunResult> {
  const durationMs = (duration ?? scenario.durationSeconds) * 1_000;
  const progress = new LiveProgress(process.stdout, durationMs);
  const result = await runScenario(scenario, {
    tracesKernel: true,
    durationMs,
    intervalMs: interval,
    sampler,
    directory,
    progress,
    interruption,
  });
  progress.finish();
  return result;
}
