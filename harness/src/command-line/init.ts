import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { ask, type Given, isPort } from "../init/ask.ts";
import { type Answers, DEFAULT_PLACES, newFiles, type Places } from "../init/templates.ts";
import { type Written, writeFiles } from "../init/write-files.ts";
import { CONFIG_NAMES } from "../project/config.ts";
import { openProject, type Project } from "../project/project.ts";
import { typingDirectory } from "../project/typing-directory.ts";
import { folderProblem } from "../reporters/check-writable.ts";
import { BAD_USAGE, defineCommand, OK, refuse } from "./command.ts";
import type { TypedCommand } from "./typed-command.ts";

interface InitOptions extends Given {
  yes: boolean;
}

export const init = defineCommand<InitOptions>({
  name: "init",
  summary: "write a first scenario, a configuration and a CI workflow into this folder",
  arguments: [],
  options: [
    new Option("--command <command>", "what starts your server, in quotes"),
    new Option("--port <port>", "the port at which it listens").argParser(port),
    new Option("--yes", "ask nothing; takes --command and --port"),
  ],
  examples: [[], ["--yes", "--command", "'python3 -m http.server 7000'", "--port", "7000"]],
  async run(_words, options, typed) {
    const directory = typingDirectory();
    const objection = await folderProblem(directory);
    if (objection) return refuse(objection);
    const opened = await openProject(directory);
    if (!opened.ok) return refuse(opened.message);
    const places = placesIn(directory, opened.project);
    const answers = await answersFor(options, typed);
    if (typeof answers === "number") return answers;
    const written = await writeFiles(directory, newFiles(answers, places), places.reports);
    console.log(initSummary(written, typed));
    return OK;
  },
});

/** As this folder's own configuration says; one of a folder above is another project's. */
function placesIn(directory: string, project: Project): Places {
  if (project.directory !== directory) return DEFAULT_PLACES;
  return {
    config: CONFIG_NAMES.find((name) => existsSync(join(directory, name))) ?? DEFAULT_PLACES.config,
    scenarios: relative(directory, project.scenarios),
    reports: relative(directory, project.reports),
  };
}

/** Or the exit code, after it was said what is missing. */
async function answersFor(options: InitOptions, typed: TypedCommand): Promise<Answers | number> {
  const { command, port, yes } = options;
  if (command?.trim() === "") return refuse("--command is empty: name the program that starts your server");
  if (command !== undefined && port !== undefined) return { command, port };
  const canAsk = process.stdin.isTTY && process.stdout.isTTY && !yes;
  if (canAsk) return (await ask(options)) ?? BAD_USAGE;
  const missing = [command === undefined && "--command", port === undefined && "--port"].filter(Boolean);
  const example = typed.line("init", "--yes", "--command", "'python3 -m http.server 7000'", "--port", "7000");
  const reason = yes ? "--yes asks nothing" : "Nothing can be asked without a terminal";
  return refuse(`${reason}, so pass ${missing.join(" and ")} as well: ${example}`);
}

function initSummary({ written, kept }: Written, typed: TypedCommand): string {
  const list = (title: string, paths: string[]) =>
    paths.length > 0 ? [title, ...paths.map((path) => `  ${path}`)] : [];
  return [
    ...list("Written:", written),
    ...list("Left as they are, because they exist:", kept),
    "",
    `Play it: ${typed.line("run", "first", "--open")}`,
  ].join("\n");
}

function port(text: string): number {
  const value = Number(text);
  if (!isPort(value)) throw new InvalidArgumentError("It must be a number from 1 to 65535.");
  return value;
}
