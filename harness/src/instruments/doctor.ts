// Clinic Doctor: its sampler runs inside the program, and its page and verdict are made afterwards. Its own way to start
// a program (`collect`) leaves no way to type and read, and adds a process in between. Its sampler is therefore loaded
// as `collect` loads it, into the process that the run starts and measures. It needs no network; making the page takes
// seconds.
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Diagnosis } from "../result/result.ts";

const require = createRequire(import.meta.url);
const PACKAGE = "@clinic/doctor";
/** The name of its page in a report. */
export const DOCTOR_PAGE = "doctor.html";
const NAME = "doctor";
const PAGE = "page.html";
const TRACE = "trace.log";

/** How to install the doctor, or null if it is installed in the project or beside this tool. */
export function doctorProblem(): string | null {
  try {
    findDoctor();
    return null;
  } catch {
    return `--doctor needs the package ${PACKAGE}, which is not installed: npm i -D ${PACKAGE}`;
  }
}

/** The flags of its own `collect`. */
export function doctorFlags(folder: string): string[] {
  const injects = join(dirname(findDoctor()), "injects");
  return [
    "-r",
    join(injects, "no-cluster.js"),
    "-r",
    join(injects, "sampler.js"),
    "--trace-events-enabled",
    "--trace-event-categories",
    "v8",
    "--trace-event-file-pattern",
    join(folder, TRACE),
  ];
}

export function doctorVariables(folder: string): Record<string, string> {
  return {
    NODE_CLINIC_DOCTOR_DATA_PATH: folder,
    NODE_CLINIC_DOCTOR_NAME: NAME,
    NODE_CLINIC_DOCTOR_SAMPLE_INTERVAL: "10",
    NODE_CLINIC_DOCTOR_TIMEOUT_DELAY: "0",
    NODE_CLINIC_DOCTOR_COLLECT_LOOP_UTILIZATION: "true",
  };
}

export type Examination = { ok: true; diagnosis: Diagnosis; page: string } | { ok: false; message: string };

/** After the program has ended: the doctor's diagnosis, and the path of its page, which the caller moves. */
export async function examine(processId: string, folder: string): Promise<Examination> {
  const data = join(folder, `${NAME}.clinic-doctor`);
  const file = (kind: string) => join(data, `${NAME}.clinic-doctor-${kind}`);
  await mkdir(data, { recursive: true });
  const isComplete = existsSync(file("processstat")) && existsSync(join(folder, TRACE));
  if (!isComplete)
    return {
      ok: false,
      message: `${processId} left no data for the doctor: it must run on Node and exit on its own`,
    };
  await rename(join(folder, TRACE), file("traceevent"));
  const page = join(folder, PAGE);
  try {
    await draw(data, page);
    const verdict = /"analysis": (\{.*\})$/m.exec(await readFile(page, "utf8"))?.[1];
    const analysis: { issueCategory: string; issues: object } = JSON.parse(verdict ?? "");
    const category = analysis.issueCategory;
    return {
      ok: true,
      page,
      diagnosis: { processId, category, text: meaningOf(category), issues: flat(analysis.issues) },
    };
  } catch (cause) {
    return {
      ok: false,
      message: `the doctor could not examine ${processId}: ${cause instanceof Error ? cause.message : cause}`,
    };
  }
}

function findDoctor(): string {
  return require.resolve(PACKAGE, { paths: [process.cwd(), import.meta.dirname] });
}

function draw(data: string, page: string): Promise<void> {
  const ClinicDoctor: new () => {
    visualize(data: string, page: string, done: (error?: Error) => void): void;
  } = require(findDoctor());
  return new Promise((resolve, reject) => {
    new ClinicDoctor().visualize(data, page, (error) => (error ? reject(error) : resolve()));
  });
}

/** Flattens the issues of memory, which are nested one level deeper. */
function flat(issues: object, before = ""): Record<string, string> {
  return Object.assign(
    {},
    ...Object.entries(issues).map(([name, issue]) =>
      typeof issue === "object" ? flat(issue, `${name}.`) : { [before + name]: String(issue) },
    ),
  );
}

function meaningOf(category: string): string {
  const meanings: Record<string, string> = {
    none: "no issue was found",
    data: "there was too little data for a verdict on every part; let it run longer, or under load",
    "event-loop": "the event loop was blocked: look for long synchronous work",
    io: "it waited for I/O: look for slow disks, databases or peers",
    gc: "garbage collection took long: look for objects that are allocated and discarded often",
    performance: "something slows it down: see the page",
    unknown: "something is unusual, but the doctor does not know what: see the page",
  };
  return meanings[category] ?? category;
}
