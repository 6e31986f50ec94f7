// Which witness counts a program: decided here and nowhere else.
import type { ProgramSpec } from "../scenario/scenario.ts";

export type WitnessName = "probe" | "kernel";

/** The scenario says it of each program that does not run on Node. */
export function chooseWitness({ countedBy = "probe" }: Pick<ProgramSpec, "countedBy">): WitnessName {
  return countedBy;
}
