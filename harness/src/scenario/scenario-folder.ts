// Finds scenarios: every file of a folder whose default export is one.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadModule } from "../project/load-module.ts";
import type { Scenario } from "./scenario.ts";

export const SCENARIO_FILE = /\.[cm]?[jt]s$/;

/** By name. Files without a default export hold what several scenarios share. */
export async function loadScenarios(directory: string): Promise<Scenario[]> {
  const files = (await readdir(directory)).filter(
    (name) => SCENARIO_FILE.test(name) && !/\.(test|d)\.ts$/.test(name),
  );
  const found = await Promise.all(files.map((name) => loadScenarioFile(join(directory, name))));
  return found
    .filter((scenario) => scenario !== null)
    .sort((one, other) => one.name.localeCompare(other.name));
}

/** Null for a file without a default export. */
export async function loadScenarioFile(file: string): Promise<Scenario | null> {
  return ((await loadModule(file)) as Scenario | undefined) ?? null;
}

/** The candidate that needs the fewest edits, if it is near enough to have been meant. */
export function closestName(typed: string, candidates: readonly string[]): string | null {
  const ranked = candidates
    .map((name) => ({ name, edits: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  const best = ranked[0];
  return best && best.edits <= Math.max(2, best.name.length / 2) ? best.name : null;
}

function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = row[column]! + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, row[column + 1]! + 1, next[column]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
