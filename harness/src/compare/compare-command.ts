// `npm run compare -- A B`: two results, or two revisions, which are then measured in turns. Prints for a person and
// returns the exit code: 0 unless something got worse.
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { projectDirectory, typingDirectory } from "../project.ts";
import { replaceFiles } from "../reporters/replace-files.ts";
import { readResultJson } from "../reporters/result-json.ts";
import { whyNoFolder } from "../reporters/whether-writable.ts";
import type { RunResult } from "../result/result.ts";
import { runScenario } from "../run/runner.ts";
import type { SamplerName } from "../samplers/choose-sampler.ts";
import { loadScenarios } from "../scenario/scenario-folder.ts";
import { watchForInterruption } from "../terminal/interruption.ts";
import { LiveProgress } from "../terminal/live-progress.ts";
import { compareRepeats, hasDifference } from "./comparison.ts";
import { comparisonMarkdown, comparisonText } from "./comparison-table.ts";
import { experimentText, tryComparisons } from "./experiment.ts";
import { gatherRepeats, REPEATS_FILE, type Repeats, readRepeats } from "./repeats.ts";
import { buildRevision, findCommit, type Revision } from "./revision.ts";
import { saveRepeats } from "./save-repeats.ts";

export interface CompareOptions {
  /** Of revisions: what is played, how often, and how long in seconds. */
  scenario: string;
  repeat: number;
  duration?: number;
  interval: number;
  sampler: SamplerName;
  out?: string;
}

const OK = 0;
const WORSE = 1;
const BAD_USAGE = 2;

export async function compareCommand(a: string, b: string, options: CompareOptions): Promise<number> {
  const objection = await whyNoFolder(folderOf(options));
  if (objection) return refuse(objection);
  const paths = [a, b].map(pathOf);
  if (paths.every((path) => path !== null)) {
    const sides = await Promise.all(paths.map(readSide));
    const problem = sides.find((side) => typeof side === "string");
    if (problem !== undefined) return refuse(problem as string);
    const [before, after] = sides as [Repeats, Repeats];
    return report(before, after, a, b, options);
  }
  const commits = await Promise.all([a, b].map(findCommit));
  const unknown = [a, b].find((_, index) => paths[index] === null && commits[index] === null);
  if (unknown !== undefined)
    return refuse(
      `"${unknown}" is neither a file, nor a folder with a result, nor a revision that git knows`,
    );
  const folder = [a, b].find((_, index) => commits[index] === null);
  if (folder !== undefined)
    return refuse(
      `"${folder}" holds a result and the other is a revision; give two results, or two revisions`,
    );
  return compareRevisions([a, b], commits as string[], options);
}

/** How often comparisons of runs of one and the same program give a false alarm, and miss a byte. */
export async function experimentCommand(file: string, times: number, seed: number): Promise<number> {
  const path = pathOf(file);
  const repeats = path && (await readRepeats(path));
  if (!repeats) return refuse(`${file} holds no repeats; npm run scenario <name> -- --repeat 12 leaves them`);
  const experiment = tryComparisons(repeats, times, seed);
  if (!experiment) return refuse(`${file} holds ${repeats.startedAt.length} runs; at least 6 are needed`);
  console.log(experimentText(experiment));
  return OK;
}

/** Of a file that is there; of a folder, the repeats or the result in it. */
function pathOf(name: string): string | null {
  const path = resolve(typingDirectory(), name);
  if (!existsSync(path)) return null;
  if (!statSync(path).isDirectory()) return path;
  const inside = [REPEATS_FILE, "result.json"].map((file) => join(path, file));
  return inside.find((file) => existsSync(file)) ?? null;
}

async function readSide(path: string | null): Promise<Repeats | string> {
  const repeats = await readRepeats(path!);
  if (repeats) return repeats;
  const read = await readResultJson(path!);
  return read.ok ? gatherRepeats([read.result]) : read.message;
}

async function compareRevisions(
  names: string[],
  commits: string[],
  options: CompareOptions,
): Promise<number> {
  const interruption = watchForInterruption();
  const built: Revision[] = [];
  try {
    for (const [index, name] of names.entries()) {
      console.log(`Building ${name} …`);
      built.push(await buildRevision(name, commits[index]!));
    }
    const results = await playInTurns(built, options, interruption.signal);
    if (typeof results === "string") return refuse(results);
    const [before, after] = results.map((runs) => gatherRepeats(runs as [RunResult, ...RunResult[]]));
    return await report(before!, after!, built[0]!.name, built[1]!.name, options);
  } finally {
    for (const revision of built) await revision.remove();
    interruption.release();
  }
}

/** A, B, B, A, A, …: what changes slowly on the machine touches both alike. */
async function playInTurns(
  revisions: readonly Revision[],
  options: CompareOptions,
  interruption: AbortSignal,
): Promise<RunResult[][] | string> {
  const results: RunResult[][] = revisions.map(() => []);
  for (let round = 0; round < options.repeat; round++) {
    for (const index of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const { name, scenarios } = revisions[index]!;
      const scenario = (await loadScenarios(scenarios)).find((one) => one.name === options.scenario);
      if (!scenario) return `${name} has no scenario "${options.scenario}"`;
      console.log(`\nRun ${round + 1} of ${options.repeat} of ${name}`);
      const durationMs = (options.duration ?? scenario.durationSeconds) * 1_000;
      const progress = new LiveProgress(process.stdout, durationMs);
      const { interval: intervalMs, sampler } = options;
      const result = await runScenario(scenario, { durationMs, intervalMs, sampler, progress, interruption });
      progress.finish();
      if (result.failure) return `${name} failed: ${result.failure.message}`;
      results[index]!.push(result);
    }
  }
  return results;
}

function folderOf({ out }: CompareOptions): string {
  return out ? resolve(typingDirectory(), out) : join(projectDirectory, "reports", "compare");
}

async function report(
  before: Repeats,
  after: Repeats,
  beforeName: string,
  afterName: string,
  options: CompareOptions,
): Promise<number> {
  if (before.scenario !== after.scenario)
    return refuse(`these are of different scenarios: ${before.scenario} and ${after.scenario}`);
  const compared = compareRepeats(before, after);
  console.log(`\n${comparisonText(compared)}\n`);
  console.log(hasDifference(compared) ? "There is a difference." : "No evidence of any difference.");
  const out = folderOf(options);
  const summary = { name: "compare.md", content: comparisonMarkdown(compared, beforeName, afterName) };
  const paths = [
    ...(await replaceFiles(out, [summary])),
    ...(await saveRepeats(before, join(out, "before"))),
    ...(await saveRepeats(after, join(out, "after"))),
  ];
  console.log(`\n${paths.join("\n")}`);
  return compared.some(({ verdict }) => verdict === "worse") ? WORSE : OK;
}

function refuse(message: string): number {
  console.error(message);
  return BAD_USAGE;
}
