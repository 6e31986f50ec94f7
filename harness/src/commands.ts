// The commands behind the command line. Each prints for a person and returns the exit code.
import { rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CAPTURE_FILE } from "./capture/run-capture.ts";
import { repeatsText } from "./compare/comparison-table.ts";
import { gatherRepeats } from "./compare/repeats.ts";
import { saveRepeats } from "./compare/save-repeats.ts";
import { examine } from "./instruments/doctor.ts";
import { DOCTOR_PAGE, PROFILES_FOLDER } from "./instruments/file-names.ts";
import { type InstrumentOptions, Instruments } from "./instruments/instruments.ts";
import { projectDirectory, typingDirectory } from "./project.ts";
import { saveReport, whyNotReportInto } from "./reporters/report-folder.ts";
import { writeReport } from "./reporters/reporters.ts";
import { readResultJson } from "./reporters/result-json.ts";
import { whyNoFolder } from "./reporters/whether-writable.ts";
import type { RunResult } from "./result/result.ts";
import type { TimingMode } from "./result/verdict.ts";
import { runScenario } from "./run/runner.ts";
import type { SamplerName } from "./samplers/choose-sampler.ts";
import type { Scenario } from "./scenario/scenario.ts";
import { closestName, loadScenarios } from "./scenario/scenario-folder.ts";
import { type AskedSize, sizeOf } from "./scenario/scenario-size.ts";
import { closingWords } from "./terminal/closing-words.ts";
import { watchForInterruption } from "./terminal/interruption.ts";
import { LiveProgress } from "./terminal/live-progress.ts";
import { openPage } from "./terminal/open-page.ts";

const OK = 0;
const FAILED = 1;
const BAD_USAGE = 2;
const DEFAULT_PATIENT = "server";

export interface ScenarioOptions extends AskedSize {
  interval: number;
  sampler: SamplerName;
  timing: TimingMode;
  repeat: number;
  doctor?: string | true;
  cpuProf: boolean;
  heapProf: boolean;
  capture: boolean;
  messages: boolean;
  open: boolean;
  out?: string;
  scenarios: string;
}

export async function listScenarios(directory: string): Promise<number> {
  const scenarios = await scenariosIn(directory);
  if (typeof scenarios === "string") return refuse(scenarios);
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  const lines = scenarios.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  console.log(["Scenarios:", ...lines, "", "Run one with: npm run scenario <name>"].join("\n"));
  return OK;
}

/** Or what keeps them from being loaded. */
async function scenariosIn(directory: string): Promise<Scenario[] | string> {
  const path = resolve(typingDirectory(), directory);
  return loadScenarios(path).catch(
    (error: Error) =>
      `The scenarios in ${path} cannot be loaded (${error.message}); mend that, or --scenarios`,
  );
}

export async function measureScenario(name: string, options: ScenarioOptions): Promise<number> {
  const scenarios = await scenariosIn(options.scenarios);
  if (typeof scenarios === "string") return refuse(scenarios);
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (!scenario)
    return refuse(
      unknownScenario(
        name,
        scenarios.map((candidate) => candidate.name),
      ),
    );
  if (options.messages && !scenario.messages)
    return refuse(`${name} does not say what a message is, so none can be kept: give it \`messages\``);
  if (options.repeat > 1 && options.doctor !== undefined)
    return refuse("The doctor looks at one run: leave out --repeat, or --doctor");
  const out = options.out ? resolve(typingDirectory(), options.out) : join(projectDirectory, "reports", name);
  const objection = await whyNotReportInto(out);
  if (objection) return refuse(objection);

  const size = sizeOf(scenario, options);
  if (!size.ok) return refuse(size.message);
  const { durationMs, settings } = size;
  const interruption = watchForInterruption();
  const instruments = await Instruments.prepare(instrumentsOf(options), out);
  const captureFolder = options.capture ? join(out, "capture") : undefined;
  const results: RunResult[] = [];
  while (results.length < options.repeat && results.every(({ status }) => status === "passed")) {
    const number = options.repeat > 1 ? `run ${results.length + 1} of ${options.repeat}, ` : "";
    console.log(`${scenario.title}, ${number}about ${durationMs / 1_000} s\n`);
    const progress = new LiveProgress(process.stdout, durationMs);
    const result = await runScenario(scenario, {
      durationMs,
      settings,
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
  const { result, paths } = await saveExamined(results.at(-1)!, options, instruments, out);
  if (captureFolder) paths.push(...(await takeCapture(captureFolder, out)));
  if (result.status === "passed" && results.length > 1) {
    const repeats = gatherRepeats(results as [RunResult, ...RunResult[]]);
    paths.push(...(await saveRepeats(repeats, out)));
    console.log(`\n${repeatsText(repeats)}`);
  }
  interruption.release();
  console.log(closingWords(result, paths, typingDirectory()));
  if (options.open) await openPage(paths);
  return result.status === "passed" ? OK : FAILED;
}

/** The report, with what the instruments left. */
async function saveExamined(
  result: RunResult,
  options: ScenarioOptions,
  instruments: Instruments,
  out: string,
): Promise<{ result: RunResult; paths: string[] }> {
  const { doctor } = instrumentsOf(options);
  const examination = doctor === undefined ? null : await examine(doctor, instruments.doctorFolder);
  if (examination && !examination.ok) console.error(examination.message);
  const profiles = await instruments.profiles();
  const examined = {
    ...result,
    ...(examination?.ok && { diagnosis: examination.diagnosis }),
    ...(profiles.length > 0 && { profiles: profiles.map((path) => `${PROFILES_FOLDER}/${basename(path)}`) }),
  };
  const paths = [...(await saveReport(examined, out)), ...profiles];
  if (examination?.ok) {
    const page = join(out, DOCTOR_PAGE);
    await rename(examination.page, page);
    paths.push(page);
  }
  await rm(instruments.doctorFolder, { recursive: true, force: true });
  return { result: examined, paths };
}

/** Out of its folder into the report; nothing where there is none. */
async function takeCapture(folder: string, out: string): Promise<string[]> {
  const path = join(out, CAPTURE_FILE);
  const isThere = await rename(join(folder, CAPTURE_FILE), path).then(
    () => true,
    () => false,
  );
  await rm(folder, { recursive: true, force: true });
  return isThere ? [path] : [];
}

function instrumentsOf({ doctor, cpuProf, heapProf }: ScenarioOptions): InstrumentOptions {
  if (doctor === undefined) return { cpuProf, heapProf };
  return { cpuProf, heapProf, doctor: doctor === true ? DEFAULT_PATIENT : doctor };
}

export async function renderAgain(file: string, { open }: { open: boolean }): Promise<number> {
  const path = resolve(typingDirectory(), file);
  const read = await readResultJson(path);
  if (!read.ok) return refuse(read.message);
  const objection = await whyNoFolder(dirname(path));
  if (objection) return refuse(objection);
  const paths = await writeReport(read.result, dirname(path));
  console.log(closingWords(read.result, paths, typingDirectory()));
  if (open) await openPage(paths);
  return OK;
}

export function refuse(message: string): number {
  console.error(message);
  return BAD_USAGE;
}

function unknownScenario(name: string, known: string[]): string {
  const suggestion = closestName(name, known);
  const hint = suggestion ? `Did you mean "${suggestion}"?` : `There are: ${known.join(", ")}.`;
  return `There is no scenario "${name}". ${hint}`;
}
