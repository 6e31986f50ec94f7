// The folder of a report. The last report stays until the new result is written, and only an earlier report is ever
// removed.
import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { warningsOf } from "../checks/warnings.ts";
import type { RunResult } from "../result/result.ts";
import { folderProblem } from "./check-writable.ts";
import type { Reporter } from "./reporter.ts";
import { writeReport } from "./reporters.ts";
import { writeResultJson } from "./result-json.ts";

const RESULT = "result.json";

/** The reason why no report can be written there, or null. */
export async function reportFolderProblem(directory: string): Promise<string | null> {
  if (!existsSync(directory)) return folderProblem(directory);
  const names = await readdir(directory).catch(() => null);
  if (names === null) return `${directory} is not a folder; choose a new or empty one`;
  const isOurs = names.length === 0 || (await isResult(join(directory, RESULT)));
  if (!isOurs) return `${directory} contains other files than a report; choose a new or empty folder`;
  return folderProblem(directory);
}

/** A result of any version. Other programs also write files named result.json. */
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

/** Removes only plain files: folders inside may be the user's. */
async function removeLastReport(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (entry.isFile() && entry.name !== RESULT) await rm(join(directory, entry.name));
  }
}
