// What a run leaves beside its report: the doctor's page, profiles, the capture.
import { rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { CAPTURE_FILE } from "../capture/run-capture.ts";
import { DOCTOR_PAGE, examine } from "../instruments/doctor.ts";
import { type Instruments, PROFILES_FOLDER } from "../instruments/instruments.ts";
import { saveReport } from "../reporters/report-folder.ts";
import type { Reporter } from "../reporters/reporter.ts";
import type { RunResult } from "../result/result.ts";

/** Writes the report, with what the instruments left. */
export async function saveExamined(
  result: RunResult,
  doctor: string | undefined,
  instruments: Instruments,
  out: string,
  reporters: readonly Reporter[],
): Promise<{ result: RunResult; paths: string[] }> {
  const examination = doctor === undefined ? null : await examine(doctor, instruments.doctorFolder);
  if (examination && !examination.ok) console.error(examination.message);
  const profiles = await instruments.profiles();
  const examined = {
    ...result,
    ...(examination?.ok && { diagnosis: examination.diagnosis }),
    ...(profiles.length > 0 && { profiles: profiles.map((path) => `${PROFILES_FOLDER}/${basename(path)}`) }),
  };
  const paths = [...(await saveReport(examined, out, reporters)), ...profiles];
  if (examination?.ok) {
    const page = join(out, DOCTOR_PAGE);
    await rename(examination.page, page);
    paths.push(page);
  }
  await rm(instruments.doctorFolder, { recursive: true, force: true });
  return { result: examined, paths };
}

/** Moves the capture out of its folder into the report, if there is one. */
export async function takeCapture(folder: string, out: string): Promise<string[]> {
  const path = join(out, CAPTURE_FILE);
  const isThere = await rename(join(folder, CAPTURE_FILE), path).then(
    () => true,
    () => false,
  );
  await rm(folder, { recursive: true, force: true });
  return isThere ? [path] : [];
}
