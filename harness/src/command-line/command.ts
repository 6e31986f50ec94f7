// What a command of `fiel` is: data plus one function. Commander reads the command line and prints the help.
import { type Argument, Command, type Option } from "commander";
import type { TypedCommand } from "./typed-command.ts";

export interface CommandSpec<Options extends object = object> {
  name: string;
  /** One line, for the list of commands. */
  summary: string;
  arguments: Argument[];
  options: Option[];
  /** For `--help`: what follows the command's name, word by word. */
  examples: string[][];
  /** Prints for a person; returns the exit code. */
  run(words: string[], options: Options, typed: TypedCommand): Promise<number>;
}

export const OK = 0;
export const FAILED = 1;
export const BAD_USAGE = 2;

/** Keeps the type of its options to itself, so that all commands fit into one list. */
export function defineCommand<Options extends object>(spec: CommandSpec<Options>): CommandSpec {
  return spec as CommandSpec;
}

export function refuse(message: string): number {
  console.error(message);
  return BAD_USAGE;
}

/** `onEnd` gets the exit code. */
export function toCommander(spec: CommandSpec, typed: TypedCommand, onEnd: (code: number) => void): Command {
  const { name, summary, examples } = spec;
  const command = new Command(name)
    .summary(summary)
    .description(`${summary[0]!.toUpperCase()}${summary.slice(1)}.`)
    .allowExcessArguments()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? OK : BAD_USAGE));
  for (const argument of spec.arguments) command.addArgument(argument);
  for (const option of spec.options) {
    command.addOption(option);
    // Off until it is given; as a default the help would name it each time.
    if (option.isBoolean()) command.setOptionValue(option.attributeName(), false);
  }
  const words = spec.arguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`));
  command.configureHelp({ commandUsage: () => typed.line(name, ...words, "[options]") });
  const lines = examples.map((example) => `  ${typed.line(name, ...example)}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  return command.action(async () => {
    const eaten = typed.eatenFlag(spec, command.args);
    onEnd(eaten ? refuse(eaten) : await spec.run(command.args, command.opts(), typed));
  });
}
