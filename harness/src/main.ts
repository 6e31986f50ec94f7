#!/usr/bin/env node
// The command line of fiel: which command was typed, what runs it, and the exit code.
import { Command } from "commander";
import { calibrate } from "./command-line/calibrate.ts";
import { toCommander } from "./command-line/command.ts";
import { compare } from "./command-line/compare.ts";
import { init } from "./command-line/init.ts";
import { list } from "./command-line/list.ts";
import { record } from "./command-line/record.ts";
import { report } from "./command-line/report.ts";
import { run } from "./command-line/run.ts";
import { TypedCommand } from "./command-line/typed-command.ts";
import { packageVersion } from "./own-package.ts";

const commands = [run, list, record, compare, report, init, calibrate];
const typed = new TypedCommand(process.env, process.argv);

if (process.argv.length === 2) console.log(introduction());
else await commandLine().parseAsync();

function commandLine(): Command {
  const program = new Command("fiel")
    .usage("<command> [options]")
    .description("Runs programs as a user would, and measures what they cost.")
    .version(packageVersion)
    .helpCommand(false)
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));
  for (const spec of commands) {
    const onEnd = (code: number) => {
      process.exitCode = code;
    };
    program.addCommand(toCommander(spec, typed, onEnd));
  }
  return program;
}

/** What `fiel` alone says: what it is, and what to type. */
function introduction(): string {
  const examples = [
    [
      typed.line("record", "'python3 -m http.server 7000'", "--plot", "server.png"),
      "measure any program, as it is",
    ],
    [typed.line("init"), "write a first scenario, a configuration and a CI workflow"],
    [typed.line("run", "first", "--open"), "play that scenario, and open its report"],
    [typed.line("compare", "main", "HEAD"), "compare two git revisions, figure by figure"],
  ] as const;
  const width = Math.max(...examples.map(([line]) => line.length));
  return [
    `fiel ${packageVersion} starts programs as a user would, plays a scripted scenario, and measures CPU, memory and the`,
    "bytes of every socket. It leaves charts, a page and numbers.",
    "",
    ...examples.map(([line, meaning]) => `  ${line.padEnd(width)}   ${meaning}`),
    "",
    `All commands: ${typed.line("--help")}. One of them: ${typed.line("run", "--help")}.`,
  ].join("\n");
}
