import { openProject } from "../project/project.ts";
import { defineCommand, OK, refuse } from "./command.ts";
import { scenariosOf } from "./find-scenario.ts";
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
  const scenarios = await scenariosOf(opened.project);
  if (!scenarios.ok) return refuse(scenarios.message);
  const width = Math.max(0, ...scenarios.found.map(({ name }) => name.length));
  const lines = scenarios.found.map(({ name, description }) => `  ${name.padEnd(width)}  ${description}`);
  console.log(["Scenarios:", ...lines, "", `Run one with: ${typed.line("run", "<name>")}`].join("\n"));
  return OK;
}
