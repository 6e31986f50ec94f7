// Finds scenarios: every file of a folder whose default export is one.
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createJiti } from "jiti";
import { builtFile } from "../own-package.ts";
import type { Scenario } from "./scenario.ts";

/** By name. Files without a default export hold what several scenarios share. */
export async function loadScenarios(directory: string): Promise<Scenario[]> {
  const files = (await readdir(directory)).filter(
    (name) => /\.[cm]?[jt]s$/.test(name) && !/\.(test|d)\.ts$/.test(name),
  );
  const loader = createJiti(directory, {
    alias: { fiel: builtFile("index.js") },
    fsCache: false,
    interopDefault: false,
  });
  const modules = await Promise.all(
    files.map((name) => loader.import<{ default?: Scenario }>(join(directory, name))),
  );
  const scenarios = modules.flatMap((module): Scenario[] => (module.default ? [module.default] : []));
  return scenarios.sort((one, other) => one.name.localeCompare(other.name));
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
