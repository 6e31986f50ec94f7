import { openProject } from "../project/project.ts";
import { fromHere } from "../project/typing-directory.ts";
import { defineCommand, OK, refuse } from "./command.ts";
import { problemsText, scenariosOf } from "./find-scenario.ts";
import type { TypedCommand } from "./typed-command.ts";

export const list = defineCommand({
  name: "list",
  summary: "list the scenarios of this project",
  arguments: [],
  options: [],
  examples: [[]],
  run: (_words, _options, typed) => listScenarios(typed),
});

export async function listScenarios(typed: TypedCommand): Promise<number> {
  const opened = await openProject();
  if (!opened.ok) return refuse(opened.message);
  const listed = await scenariosOf(opened.project, typed);
  if (!listed.ok) return refuse(listed.message);
  const scenarios = listed.found.scenarios.map(({ scenario }) => scenario);
  if (scenarios.length === 0 && listed.found.problems.length === 0)
    return refuse(
      `There is no scenario in ${fromHere(opened.project.scenarios)}. Write a first one with ${typed.line("init")}`,
    );
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  const lines = scenarios.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  console.log(["Scenarios:", ...lines, "", `Run one with: ${typed.line("run", "<name>")}`].join("\n"));
  const { problems } = listed.found;
  return problems.length > 0 ? refuse(`\n${problemsText(problems)}`) : OK;
}
