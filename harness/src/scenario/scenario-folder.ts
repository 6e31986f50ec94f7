// Finds scenarios: every file of a folder, or one file, whose default export is one. A file with a mistake is a problem
// of its own, and hides no other.
import { readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findingsIn } from "./findings.ts";
import { whyNotLoaded } from "./load-error.ts";
import { placeOfField } from "./place-in-source.ts";
import type { Scenario } from "./scenario.ts";
import type { ScenarioProblem } from "./scenario-problem.ts";
import { scenarioSchema } from "./scenario-schema.ts";
import { shortPath } from "./source-place.ts";
import { openUserModules, type UserModule, type UserModules } from "./user-module.ts";

export interface FoundScenario {
  scenario: Scenario;
  /** Absolute. */
  file: string;
}

export interface FoundScenarios {
  /** By name. */
  scenarios: FoundScenario[];
  problems: ScenarioProblem[];
}

export const SCENARIO_FILE = /\.[cm]?[jt]s$/;
const OTHER_FILE = /\.(test|spec|d|config)\.[cm]?[jt]s$/;

/** All of a folder, or the one of a file. Throws if there is no such path. */
export async function loadScenarios(path: string): Promise<FoundScenarios> {
  const files = await filesAt(resolve(path));
  const modules = await openUserModules();
  const loaded = await Promise.all(files.map((file) => loadFile(modules, file)));
  const problems = loaded.flatMap((one) => ("problems" in one ? one.problems : []));
  const scenarios: FoundScenario[] = [];
  for (const one of loaded) {
    if ("problems" in one) continue;
    const first = scenarios.find(({ scenario }) => scenario.name === one.scenario.name);
    if (!first) scenarios.push(one);
    else
      problems.push({
        place: placeOfField(modules.compiler, one.file, ["name"]),
        message: `the name "${one.scenario.name}" is taken by ${shortPath(first.file)}: write another`,
      });
  }
  scenarios.sort((one, other) => one.scenario.name.localeCompare(other.scenario.name));
  return { scenarios, problems };
}

async function filesAt(path: string): Promise<string[]> {
  if ((await stat(path)).isFile()) return [path];
  const names = (await readdir(path)).sort();
  return names
    .filter((name) => SCENARIO_FILE.test(name) && !OTHER_FILE.test(name))
    .map((name) => join(path, name));
}

async function loadFile(
  modules: UserModules,
  file: string,
): Promise<FoundScenario | { problems: ScenarioProblem[] }> {
  let exported: UserModule;
  try {
    exported = await modules.load(file);
  } catch (thrown) {
    return { problems: [whyNotLoaded(thrown, file, modules.publicNames)] };
  }
  const { value, names } = exported;
  if (value === undefined) return { problems: [noDefault(names, file)] };
  const findings = findingsIn(scenarioSchema, value);
  if (findings.length === 0) return { scenario: value as Scenario, file };
  return {
    problems: findings.map(({ path, message }) => ({
      place: placeOfField(modules.compiler, file, path),
      message: message.replace(/^is /, "the default export is "),
    })),
  };
}

function noDefault(names: string[], file: string): ScenarioProblem {
  const found = names.length > 0 ? `exports ${names.join(", ")}, but nothing as default` : "exports nothing";
  return {
    place: { file, line: 1 },
    message: `${found}: write export default defineScenario({ … }). What scenarios share belongs in a folder below.`,
  };
}
