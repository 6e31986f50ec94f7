// Which scenario was asked for, by its name or by the path of its file, and which there are.
import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Project } from "../project/project.ts";
import { typingDirectory } from "../project/typing-directory.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { closestName, loadScenarioFile, loadScenarios, SCENARIO_FILE } from "../scenario/scenario-folder.ts";

type Found<Value> = { ok: true; found: Value } | { ok: false; message: string };

export async function scenariosOf(project: Project): Promise<Found<Scenario[]>> {
  const folder = project.scenarios;
  if (!existsSync(folder))
    return {
      ok: false,
      message: `There is no folder ${shown(folder)}. Put a scenario there, or name one by its path`,
    };
  try {
    return { ok: true, found: await loadScenarios(folder) };
  } catch (error) {
    return { ok: false, message: `The scenarios in ${folder} cannot be loaded: ${messageOf(error)}` };
  }
}

export async function findScenario(word: string, project: Project): Promise<Found<Scenario>> {
  if (SCENARIO_FILE.test(word) || /[\\/]/.test(word)) return scenarioIn(resolve(typingDirectory(), word));
  const all = await scenariosOf(project);
  if (!all.ok) return all;
  const found = all.found.find(({ name }) => name === word);
  const names = all.found.map(({ name }) => name);
  return found
    ? { ok: true, found }
    : { ok: false, message: unknownScenario(word, names, project.scenarios) };
}

async function scenarioIn(file: string): Promise<Found<Scenario>> {
  if (!existsSync(file)) return { ok: false, message: `There is no file ${shown(file)}` };
  try {
    const found = await loadScenarioFile(file);
    if (found) return { ok: true, found };
    return {
      ok: false,
      message: `${shown(file)} has no scenario: it must export one, with export default defineScenario({ … })`,
    };
  } catch (error) {
    return { ok: false, message: `${shown(file)} cannot be loaded: ${messageOf(error)}` };
  }
}

function unknownScenario(name: string, known: string[], folder: string): string {
  const suggestion = closestName(name, known);
  const there = known.length > 0 ? `There are: ${known.join(", ")}.` : `There is none in ${shown(folder)}.`;
  return `There is no scenario "${name}". ${suggestion ? `Did you mean "${suggestion}"?` : there}`;
}

/** A path as short as it can be said from here. */
function shown(path: string): string {
  const fromHere = relative(typingDirectory(), path);
  return fromHere.length > 0 && fromHere.length < path.length ? fromHere : path;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
