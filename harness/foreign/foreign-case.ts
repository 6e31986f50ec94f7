// What a case is: a program that we did not write, some work for it, and an account of that work by somebody else.
import type { Program, ProgramSpec, ScenarioContext } from "fiel";
import type { Account } from "./account.ts";
import type { Relay } from "./relay.ts";

export interface ForeignCase {
  /** Also the id of the program that is measured. */
  id: string;
  title: string;
  /** Programs that have to be installed. */
  needs?: readonly string[];
  needsRoot?: boolean;
  play(bench: Bench): Promise<Account>;
}

/** What a case works with, in the run that all cases share. */
export interface Bench {
  readonly context: ScenarioContext;
  readonly isFull: boolean;
  /** A folder of the case's own; everybody may read it. */
  readonly folder: string;
  /** Starts the measured program, under the case's id. */
  start(command: readonly string[], more?: Partial<ProgramSpec>): Promise<Program>;
  port(): Promise<number>;
  /** Passes connections on to a port, and counts. */
  relay(port: number, host?: string): Promise<Relay>;
  /** Runs a program that is not measured to its end, and gives what it printed on both streams. */
  run(command: readonly string[]): Promise<string>;
  /** Waits until somebody accepts a connection, which then ends at once and is counted. */
  accepting(port: number): Promise<void>;
}

/** A file beside the cases. */
export function programFile(name: string): string {
  return new URL(`programs/${name}`, import.meta.url).pathname;
}
