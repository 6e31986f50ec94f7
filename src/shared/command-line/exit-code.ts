// The exit code of a program that failed.
import { CommanderError } from "commander";

export const BAD_USAGE = 2;

/** Prints what `textOf` says of the error, unless it is about the command line: commander has printed that already. */
export function exitCodeAfter(
  error: unknown,
  textOf: (error: Error) => string = ({ message }) => message,
): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : BAD_USAGE;
  console.error(textOf(error as Error));
  return 1;
}
