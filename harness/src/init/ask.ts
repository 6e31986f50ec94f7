// Asks at the terminal what `fiel init` has to know.
import { cancel, intro, isCancel, text } from "@clack/prompts";
import type { Answers } from "./templates.ts";

/** What was given on the command line. */
export interface Given {
  command?: string;
  port?: number;
}

const EXAMPLE = "python3 -m http.server 7000";

/** Asks for what was not given; null if the user wants no more. */
export async function ask({ command, port }: Given): Promise<Answers | null> {
  intro("fiel init writes a first scenario, a configuration and a CI workflow.");
  const typed =
    command ??
    (await text({
      message: "Which command starts your server?",
      placeholder: EXAMPLE,
      defaultValue: EXAMPLE,
    }));
  if (isCancel(typed)) return none();
  const guess = portIn(typed);
  const typedPort =
    port ??
    (await text({
      message: "At which port does it listen?",
      initialValue: guess === null ? "" : String(guess),
      validate: (value) => (isPort(Number(value)) ? undefined : "A number from 1 to 65535, please."),
    }));
  return isCancel(typedPort) ? none() : { command: typed, port: Number(typedPort) };
}

export function isPort(value: number): boolean {
  return Number.isInteger(value) && value > 0 && value < 65_536;
}

/** The last number of the command that may be a port. */
export function portIn(command: string): number | null {
  const numbers = (command.match(/\b\d{2,5}\b/g) ?? []).map(Number).filter(isPort);
  return numbers.at(-1) ?? null;
}

function none(): null {
  cancel("Nothing was written.");
  return null;
}
