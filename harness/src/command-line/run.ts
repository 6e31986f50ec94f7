import { join, resolve } from "node:path";
import { Argument, Option } from "commander";
import { repeatsText } from "../compare/comparison-table.ts";
import { gatherRepeats } from "../compare/repeats.ts";
import { saveRepeats } from "../compare/save-repeats.ts";
import { doctorProblem } from "../instruments/doctor.ts";
import { type InstrumentOptions, Instruments } from "../instruments/instruments.ts";
import { openProject } from "../project/project.ts";
import { typingDirectory } from "../project/typing-directory.ts";
import { reportFolderProblem } from "../reporters/report-folder.ts";
import type { Reporter } from "../reporters/reporter.ts";
import type { RunResult } from "../result/result.ts";
import { TIMING_MODES, type TimingMode } from "../result/verdict.ts";
import { runScenario } from "../run/runner.ts";
import type { SamplerName } from "../samplers/choose-sampler.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type AskedSize, sizeOf } from "../scenario/scenario-size.ts";
import { watchForInterruption } from "../terminal/interruption.ts";
import { LiveProgress } from "../terminal/live-progress.ts";
import { openPage } from "../terminal/open-page.ts";
import { terminalSummary } from "../terminal/terminal-summary.ts";
import { defineCommand, FAILED, OK, refuse } from "./command.ts";
import { findScenario } from "./find-scenario.ts";
import { listScenarios } from "./list.ts";
import { saveExamined, takeCapture } from "./save-run.ts";
import { intervalOption, openOption, positive, samplerOption, wholePositive } from "./shared-options.ts";

/** The program that the doctor examines unless another is named. */
const DEFAULT_PATIENT = "server";

interface RunOptions extends AskedSize {
  interval: number;
  sampler: SamplerName;
  timing: TimingMode;
  repeat: number;
  doctor?: string | true;
  cpuProf: boolean;
  heapProf: boolean;
  capture: boolean;
  trace: boolean;
  messages: boolean;
  open: boolean;
  out?: string;
}

export const run = defineCommand<RunOptions>({
  name: "run",
  summary: "run a scenario and leave its report; without one, list the scenarios",
  arguments: [new Argument("[scenario]", "its name, or the path of its file")],
  options: [
    new Option("--duration <seconds>", "how long the run takes in all").argParser(positive),
    new Option("--full", "at the full size of the scenario, if it has one"),
    new Option("--set <name=value...>", "sizes of the scenario, one by one; a wrong name lists them"),
    intervalOption(),
    samplerOption(),
    new Option("--timing <mode>", "whether missed limits of CPU and latency fail the run or only warn")
      .choices(TIMING_MODES)
      .default("enforce"),
    new Option("--doctor [program]", `run the program (default: ${DEFAULT_PATIENT}) under Clinic Doctor`),
    new Option("--cpu-prof", "leave a CPU profile of each Node program"),
    new Option("--heap-prof", "leave a heap profile of each Node program"),
    new Option("--no-trace", "start 2 s sooner: look at sockets from time to time, do not trace them"),
    new Option("--capture", "keep the run's packets, if Wireshark's tshark is installed"),
    new Option("--messages", "keep what is said, credentials masked, and draw the conversation"),
    new Option("--repeat <times>", "run it this many times: medians, intervals and their spread")
      .argParser(wholePositive)
      .default(1),
    openOption(),
    new Option("--out <dir>", "the folder of the report (default: <name> in the project's reports)"),
  ],
  examples: [
    ["first", "--open"],
    ["path/to/scenario.ts", "--duration", "5"],
    ["first", "--repeat", "10"],
  ],
  async run([word, ...rest], options, typed) {
    if (rest.length > 0) return refuse(`One scenario at a time: what is "${rest.join(" ")}"?`);
    if (word === undefined) return listScenarios(typed);
    const opened = await openProject();
    if (!opened.ok) return refuse(opened.message);
    const { directory, reports, reporters } = opened.project;
    const scenario = await findScenario(word, opened.project, typed);
    if (!scenario.ok) return refuse(scenario.message);
    const { name } = scenario.found;
    const out = options.out ? resolve(typingDirectory(), options.out) : join(reports, name);
    const objection =
      whyNotSo(scenario.found, options) ??
      (options.doctor === undefined ? null : doctorProblem()) ??
      (await reportFolderProblem(out));
    if (objection) return refuse(objection);
    const size = sizeOf(scenario.found, options);
    return size.ok
      ? play(scenario.found, { ...options, ...size, out, directory, reporters })
      : refuse(size.message);
  },
});

function whyNotSo({ name, messages }: Scenario, options: RunOptions): string | null {
  if (options.messages && !messages)
    return `${name} does not say what a message is, so none can be kept: give it \`messages\``;
  if (options.repeat > 1 && options.doctor !== undefined)
    return "The doctor looks at one run: leave out --repeat, or --doctor";
  return null;
}

interface Play extends RunOptions {
  durationMs: number;
  settings: Record<string, number>;
  out: string;
  /** Where programs start. */
  directory: string;
  reporters: readonly Reporter[];
}

async function play(scenario: Scenario, options: Play): Promise<number> {
  const { out, repeat, open } = options;
  const interruption = watchForInterruption();
  const instruments = await Instruments.prepare(instrumentsOf(options), out);
  const captureFolder = options.capture ? join(out, "capture") : undefined;
  const results: RunResult[] = [];
  while (results.length < repeat && results.every(({ status }) => status === "passed")) {
    const number = repeat > 1 ? `run ${results.length + 1} of ${repeat}, ` : "";
    console.log(`${scenario.title}, ${number}about ${options.durationMs / 1_000} s\n`);
    const progress = new LiveProgress(process.stdout, options.durationMs);
    const result = await runScenario(scenario, {
      tracesKernel: options.trace,
      durationMs: options.durationMs,
      settings: options.settings,
      directory: options.directory,
      intervalMs: options.interval,
      sampler: options.sampler,
      timing: options.timing,
      progress,
      instruments,
      captureFolder,
      keepsMessages: options.messages,
      interruption: interruption.signal,
    });
    progress.finish();
    results.push(result);
  }
  const { doctor } = instrumentsOf(options);
  const { result, paths } = await saveExamined(results.at(-1)!, doctor, instruments, out, options.reporters);
  if (captureFolder) paths.push(...(await takeCapture(captureFolder, out)));
  if (result.status === "passed" && results.length > 1) {
    const repeats = gatherRepeats(results as [RunResult, ...RunResult[]]);
    paths.push(...(await saveRepeats(repeats, out)));
    console.log(`\n${repeatsText(repeats)}`);
  }
  interruption.release();
  console.log(terminalSummary(result, paths, typingDirectory()));
  if (open) await openPage(paths);
  return result.status === "passed" ? OK : FAILED;
}

function instrumentsOf({ doctor, cpuProf, heapProf }: RunOptions): InstrumentOptions {
  if (doctor === undefined) return { cpuProf, heapProf };
  return { cpuProf, heapProf, doctor: doctor === true ? DEFAULT_PATIENT : doctor };
}
