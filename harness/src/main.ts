// The harness's command line: what is asked, by whom it is done, and the exit code.
import { join } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import { listScenarios, measureScenario, refuse, renderAgain, type ScenarioOptions } from "./commands.ts";
import { type CompareOptions, compareCommand, experimentCommand } from "./compare/compare-command.ts";
import { packageVersion } from "./own-package.ts";
import { projectDirectory } from "./project.ts";
import { LOG_FORMATS } from "./record/psrecord-log.ts";
import { type RecordOptions, recordCommand } from "./record/record-command.ts";
import { TIMING_MODES } from "./result/verdict.ts";
import { DEFAULT_SAMPLER, SAMPLER_NAMES } from "./samplers/choose-sampler.ts";

const DEFAULT_INTERVAL_MS = 100;

interface CompareCommandOptions extends CompareOptions {
  experiment?: number;
  seed: number;
}

/** What npm keeps for itself when a "--" is missing. */
const EATEN_FLAGS = [
  ...["duration", "interval", "sampler", "out", "repeat", "timing", "doctor", "cpu-prof", "heap-prof"],
  ...["capture", "messages", "open", "full", "set", "log", "plot", "include-children"],
];
const BARE_FLAGS = new Set([
  "capture",
  "messages",
  "open",
  "full",
  "doctor",
  "cpu-prof",
  "heap-prof",
  "include-children",
]);

const program = new Command("npm run")
  .description("Starts real programs, plays a scripted case, and measures what it costs.")
  .version(packageVersion)
  .usage("<command> -- [options]")
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

program
  .command("scenario")
  .usage("[name] -- [options]")
  .description("run a scenario and leave its report; without a name, list them")
  .argument("[name]")
  .argument("[rest...]")
  .option("--duration <seconds>", "how long the run takes in all", positive)
  .option("--full", "at the full size of the scenario, if it has one beside the usual", false)
  .option("--set <name=value...>", "sizes of the scenario, one by one; a wrong name lists them")
  .option("--interval <ms>", "time between two samples", positive, DEFAULT_INTERVAL_MS)
  .addOption(
    new Option("--sampler <name>", "what reads CPU and memory")
      .choices(SAMPLER_NAMES)
      .default(DEFAULT_SAMPLER),
  )
  .addOption(
    new Option("--timing <mode>", "whether missed limits of CPU and latency fail the run or only warn")
      .choices(TIMING_MODES)
      .default("enforce"),
  )
  .option("--doctor [program]", "run the program (default: server) under Clinic Doctor")
  .option("--cpu-prof", "leave a CPU profile of each Node program", false)
  .option("--heap-prof", "leave a heap profile of each Node program", false)
  .option("--capture", "keep the run's packets, if Wireshark's tshark is installed", false)
  .option("--messages", "keep what is said, credentials masked, and draw the conversation", false)
  .option("--repeat <times>", "play it so often: medians, intervals and their spread", wholePositive, 1)
  .option("--open", "open report.html in the browser", false)
  .option("--out <dir>", "folder of the report (default: reports/<name> of the project)")
  .option("--scenarios <dir>", "folder of scenarios", join(projectDirectory, "scenarios"))
  .action(async (name: string | undefined, rest: string[], options: ScenarioOptions) => {
    const eaten = eatenByNpm("scenario", name ?? "<name>", [name ?? "", ...rest]);
    if (eaten) process.exitCode = refuse(eaten);
    else if (rest.length > 0)
      process.exitCode = refuse(`One scenario at a time: what is "${rest.join(" ")}"?`);
    else if (name === undefined) process.exitCode = await listScenarios(options.scenarios);
    else process.exitCode = await measureScenario(name, options);
  });

program
  .command("report")
  .usage("<result.json> -- [--open]")
  .description("render everything again from a result.json")
  .argument("<result.json>")
  .option("--open", "open report.html in the browser", false)
  .action(async (file: string, options: { open: boolean }) => {
    process.exitCode = await renderAgain(file, options);
  });

program
  .command("compare")
  .usage("-- <before> [after] [options]")
  .description(
    "compare two results, repeats or revisions: each figure better, worse, the same or no evidence",
  )
  .argument("<before>", "a result.json, a repeats.json, a folder with one, or a git revision")
  .argument("[after]")
  .option("--scenario <name>", "what revisions play", "match")
  .option("--repeat <times>", "how often each revision plays it", wholePositive, 8)
  .option("--duration <seconds>", "how long each run takes", positive)
  .option("--interval <ms>", "time between two samples", positive, DEFAULT_INTERVAL_MS)
  .addOption(
    new Option("--sampler <name>", "what reads CPU and memory")
      .choices(SAMPLER_NAMES)
      .default(DEFAULT_SAMPLER),
  )
  .option("--out <dir>", "folder of what it leaves (default: reports/compare of the project)")
  .option("--experiment <times>", "deal the runs of one repeats.json to two sides, so often", wholePositive)
  .option("--seed <number>", "of the experiment", wholePositive, 1)
  .action(async (before: string, after: string | undefined, options: CompareCommandOptions) => {
    if (options.experiment)
      process.exitCode = await experimentCommand(before, options.experiment, options.seed);
    else if (after === undefined)
      process.exitCode = refuse("Two are needed: npm run compare -- <before> <after>");
    else process.exitCode = await compareCommand(before, after, options);
  });

program
  .command("record")
  .usage('-- <pid or "command"> [options]')
  .description("record CPU, memory and bytes of any program, as psrecord does")
  .argument("<pid or command>", "a process id, or a command in quotes")
  .argument("[rest...]")
  .option("--log <file>", "the samples as text; without --log, --plot and --out they are printed")
  .addOption(new Option("--log-format <format>", "default: csv for a file *.csv").choices(LOG_FORMATS))
  .option("--plot <file>", "the chart, as PNG")
  .option("--out <dir>", "folder of a whole report")
  .option("--duration <seconds>", "end the program after so long (default: when it ends)", positive)
  .option("--interval <seconds>", "time between two samples", positive, DEFAULT_INTERVAL_MS / 1_000)
  .option("--include-children", "count what it starts in", false)
  .option("--probe", "count bytes inside the program, if it runs on Node", false)
  .addOption(
    new Option("--sampler <name>", "what reads CPU and memory")
      .choices(SAMPLER_NAMES)
      .default(DEFAULT_SAMPLER),
  )
  .action(async (target: string, rest: string[], options: RecordOptions) => {
    const eaten = eatenByNpm("record", `"${target}"`, rest);
    if (eaten) process.exitCode = refuse(eaten);
    else if (rest.length > 0)
      process.exitCode = refuse(`Put the command in quotes: "${[target, ...rest].join(" ")}"`);
    else process.exitCode = await recordCommand(target, options);
  });

await program.parseAsync();

function wholePositive(text: string): number {
  const value = positive(text);
  if (!Number.isInteger(value)) throw new InvalidArgumentError("A whole number is wanted.");
  return value;
}

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError("A number above 0 is wanted.");
  return value;
}

/** Without `--` npm keeps a flag for itself, passes on a bare value at best, and leaves a trace in the environment. */
function eatenByNpm(command: string, name: string, words: string[]): string | null {
  const flag = EATEN_FLAGS.find((one) => process.env[`npm_config_${one.replaceAll("-", "_")}`] !== undefined);
  const value = words.find((word) => word !== "" && !Number.isNaN(Number(word)));
  if (!flag && !value) return null;
  const setting = [
    `--${flag ?? "duration"}`,
    ...(flag && BARE_FLAGS.has(flag) ? [] : [value ?? "<value>"]),
  ].join(" ");
  const example =
    command === "scenario"
      ? `npm run scenario ${name === value ? "<name>" : name} -- ${setting}`
      : `npm run ${command} -- ${name} ${setting}`;
  return `npm kept ${flag ? `--${flag}` : `the flag before ${value}`} for itself, because a "--" is missing. Type: ${example}`;
}
