// Which scenario was asked for, by its name or by the path of its file, and which there are.
import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Project } from "../project/project.ts";
import { fromHere, typingDirectory } from "../project/typing-directory.ts";
import { closestName } from "../scenario/closest-name.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type FoundScenarios, loadScenarios, SCENARIO_FILE } from "../scenario/scenario-folder.ts";
import { problemText, type ScenarioProblem } from "../scenario/scenario-problem.ts";
import type { TypedCommand } from "./typed-command.ts";

type Found<Value> = { ok: true; found: Value } | { ok: false; message: string };

export async function scenariosOf(project: Project, typed: TypedCommand): Promise<Found<FoundScenarios>> {
  const folder = project.scenarios;
  if (!existsSync(folder))
    return {
      ok: false,
      message: `There is no folder ${fromHere(folder)}. Write a first scenario with ${typed.line("init")}, or name one by its path`,
    };
  return { ok: true, found: await loadScenarios(folder) };
}

/** The files that hold no scenario because of a mistake, each with what is wrong. */
export function problemsText(problems: readonly ScenarioProblem[]): string {
  return ["Not loaded:", ...problems.map(problemText)].join("\n");
}

export async function findScenario(
  word: string,
  project: Project,
  typed: TypedCommand,
): Promise<Found<Scenario>> {
  if (SCENARIO_FILE.test(word) || /[\\/]/.test(word)) return scenarioIn(resolve(typingDirectory(), word));
  const all = await scenariosOf(project, typed);
  if (!all.ok) return all;
  const scenarios = all.found.scenarios.map(({ scenario }) => scenario);
  const found = scenarios.find(({ name }) => name === word);
  return found
    ? { ok: true, found }
    : { ok: false, message: unknownScenario(word, all.found, project.scenarios) };
}

async function scenarioIn(file: string): Promise<Found<Scenario>> {
  if (!existsSync(file)) return { ok: false, message: `There is no file ${fromHere(file)}` };
  if (statSync(file).isDirectory())
    return { ok: false, message: `${fromHere(file)} is a folder; name the file of a scenario` };
  const { scenarios, problems } = await loadScenarios(file);
  const [found] = scenarios;
  return found ? { ok: true, found: found.scenario } : { ok: false, message: problemsText(problems) };
}

function unknownScenario(name: string, { scenarios, problems }: FoundScenarios, folder: string): string {
  const known = scenarios.map(({ scenario }) => scenario.name);
  const suggestion = closestName(name, known);
  const there =
    known.length > 0 ? `There are: ${known.join(", ")}.` : `There is none in ${fromHere(folder)}.`;
  const unknown = `There is no scenario "${name}". ${suggestion ? `Did you mean "${suggestion}"?` : there}`;
  return problems.length > 0 ? `${unknown}\n\n${problemsText(problems)}` : unknown;
}
