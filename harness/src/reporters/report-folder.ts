// The folder of a report: written so that the last report stays until the new result is there, and so that nothing
// but an earlier report can ever be removed.
import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { warningsOf } from "../checks/warnings.ts";
import type { RunResult } from "../result/result.ts";
import type { Reporter } from "./reporter.ts";
import { writeReport } from "./reporters.ts";
import { writeResultJson } from "./result-json.ts";
import { whyNoFolder } from "./whether-writable.ts";

const RESULT = "result.json";

/** Why a report must not go there, or null. */
export async function whyNotReportInto(directory: string): Promise<string | null> {
  if (!existsSync(directory)) return whyNoFolder(directory);
  const names = await readdir(directory).catch(() => null);
  if (names === null) return `${directory} is not a folder; choose a new or empty one`;
  const isOurs = names.length === 0 || (await isResult(join(directory, RESULT)));
  if (!isOurs) return `${directory} holds other things than a report; choose a new or empty folder`;
  return whyNoFolder(directory);
}

/** Of whatever version. Many a program calls what it writes result.json. */
async function isResult(path: string): Promise<boolean> {
  try {
    const found: unknown = JSON.parse(await readFile(path, "utf8"));
    return typeof found === "object" && found !== null && "schemaVersion" in found && "scenario" in found;
  } catch {
    return false;
  }
}

/** Returns the paths of all files written, result.json first. */
export async function saveReport(
  result: RunResult,
  directory: string,
  extraReporters: readonly Reporter[] = [],
): Promise<string[]> {
  const complete = { ...result, warnings: warningsOf(result) };
  const resultPath = await writeResultJson(complete, directory);
  await removeLastReport(directory);
  return [resultPath, ...(await writeReport(complete, directory, extraReporters))];
}

/** Only plain files: a folder inside was not made by a report. */
async function removeLastReport(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isFile() && entry.name !== RESULT) await rm(join(directory, entry.name));
  }
}
