import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { Argument, Option } from "commander";
import { compareRepeats, hasDifference } from "../compare/comparison.ts";
import { comparisonMarkdown, comparisonText } from "../compare/comparison-table.ts";
import { experimentText, tryComparisons } from "../compare/experiment.ts";
import { compareRevisions } from "../compare/play-revisions.ts";
import { gatherRepeats, REPEATS_FILE, type Repeats, readRepeats } from "../compare/repeats.ts";
import { findCommit } from "../compare/revision.ts";
import { saveRepeats } from "../compare/save-repeats.ts";
import { openProject, type Project } from "../project/project.ts";
import { fromHere, typingDirectory } from "../project/typing-directory.ts";
import { folderProblem } from "../reporters/check-writable.ts";
import { replaceFiles } from "../reporters/replace-files.ts";
import { readResultJson } from "../reporters/result-json.ts";
import type { SamplerName } from "../samplers/choose-sampler.ts";
import { defineCommand, FAILED, OK, refuse } from "./command.ts";
import { intervalOption, positive, samplerOption, wholePositive } from "./shared-options.ts";
import type { TypedCommand } from "./typed-command.ts";

interface CompareOptions {
  scenario?: string;
  repeat: number;
  duration?: number;
  interval: number;
  sampler: SamplerName;
  out?: string;
  experiment?: number;
  seed: number;
}

/** Two sides to compare, with their names for the reader. */
interface Sides {
  names: [string, string];
  repeats: [Repeats, Repeats];
}

type Read<Value> = { ok: true; value: Value } | { ok: false; message: string };

export const compare = defineCommand<CompareOptions>({
  name: "compare",
  summary:
    "compare two results, repeats or git revisions: each figure better, worse, the same or no evidence",
  arguments: [
    new Argument("<before>", "a result.json, a repeats.json, a folder with one, or a git revision"),
    new Argument("[after]", "the same"),
  ],
  options: [
    new Option("--scenario <name>", "what revisions play (default: compare.scenario of the configuration)"),
    new Option("--repeat <times>", "how often each revision plays it").argParser(wholePositive).default(8),
    new Option("--duration <seconds>", "how long each run takes").argParser(positive),
    intervalOption(),
    samplerOption(),
    new Option("--out <dir>", "the folder of what it leaves (default: compare in the project's reports)"),
    new Option(
      "--experiment <times>",
      "split the runs of one repeats.json at random, this many times, and count false alarms",
    ).argParser(wholePositive),
    new Option("--seed <number>", "the seed of the experiment").argParser(wholePositive).default(1),
  ],
  examples: [
    ["reports/before", "reports/after"],
    ["main", "HEAD", "--scenario", "first", "--repeat", "6"],
  ],
  async run([before = "", after], options, typed) {
    if (options.experiment !== undefined) return experiment(before, options.experiment, options.seed, typed);
    if (after === undefined) return refuse(`Two are needed: ${typed.line("compare", "<before>", "<after>")}`);
    const opened = await openProject();
    if (!opened.ok) return refuse(opened.message);
    const { project } = opened;
    const out = options.out ? resolve(typingDirectory(), options.out) : join(project.reports, "compare");
    const objection = await folderProblem(out);
    if (objection) return refuse(objection);
    const sides = await sidesOf(before, after, options, project);
    return sides.ok ? report(sides.value, out) : refuse(sides.message);
  },
});

async function sidesOf(
  before: string,
  after: string,
  options: CompareOptions,
  project: Project,
): Promise<Read<Sides>> {
  const names: [string, string] = [before, after];
  const paths = names.map(resultPath);
  if (paths.every((path) => path !== null)) {
    const [one, other] = [await readSide(paths[0]!), await readSide(paths[1]!)];
    if (!one.ok) return one;
    return other.ok ? { ok: true, value: { names, repeats: [one.value, other.value] } } : other;
  }
  const commits = await Promise.all(names.map((name) => findCommit(name, project.directory)));
  const unknown = names.find((_, index) => paths[index] === null && commits[index] === null);
  if (unknown !== undefined)
    return {
      ok: false,
      message: `"${unknown}" is neither a file, nor a folder with a result, nor a revision that git knows`,
    };
  const folder = names.find((_, index) => commits[index] === null);
  if (folder !== undefined)
    return {
      ok: false,
      message: `"${folder}" holds a result and the other is a revision; give two results, or two revisions`,
    };
  return compareRevisions(names, commits as [string, string], { ...options, project });
}

/** The path of a file that is there; in a folder, of its repeats or its result. */
function resultPath(name: string): string | null {
  const path = resolve(typingDirectory(), name);
  if (!existsSync(path)) return null;
  if (!statSync(path).isDirectory()) return path;
  const inside = [REPEATS_FILE, "result.json"].map((file) => join(path, file));
  return inside.find((file) => existsSync(file)) ?? null;
}

async function readSide(path: string): Promise<Read<Repeats>> {
  const repeats = await readRepeats(path);
  if (repeats) return { ok: true, value: repeats };
  const read = await readResultJson(path);
  return read.ok ? { ok: true, value: gatherRepeats([read.result]) } : read;
}

/** The exit code is 0 unless something got worse. */
async function report({ names, repeats: [before, after] }: Sides, out: string): Promise<number> {
  if (before.scenario !== after.scenario)
    return refuse(`These are of different scenarios: ${before.scenario} and ${after.scenario}`);
  const compared = compareRepeats(before, after);
  console.log(`\n${comparisonText(compared)}\n`);
  console.log(hasDifference(compared) ? "There is a difference." : "No evidence of any difference.");
  const summary = { name: "compare.md", content: comparisonMarkdown(compared, ...names) };
  const paths = [
    ...(await replaceFiles(out, [summary])),
    ...(await saveRepeats(before, join(out, "before"))),
    ...(await saveRepeats(after, join(out, "after"))),
  ];
  console.log(`\n${paths.map(fromHere).join("\n")}`);
  return compared.some(({ verdict }) => verdict === "worse") ? FAILED : OK;
}

/** How often comparisons of runs of one and the same program give a false alarm, and miss a byte. */
async function experiment(file: string, times: number, seed: number, typed: TypedCommand): Promise<number> {
  const path = resultPath(file);
  const repeats = path && (await readRepeats(path));
  if (!repeats)
    return refuse(
      `${file} holds no repeats. Make some: ${typed.line("run", "<scenario>", "--repeat", "12")}`,
    );
  const result = tryComparisons(repeats, times, seed);
  if (!result) return refuse(`${file} holds ${repeats.startedAt.length} runs; at least 6 are needed`);
  console.log(experimentText(result));
  return OK;
}
