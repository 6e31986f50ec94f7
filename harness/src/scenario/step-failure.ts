// What a scenario's step rejects with when the world did not do what was expected of it.
import type { Failure } from "../result/result.ts";

export class StepFailure extends Error {
  readonly processId: string | null;
  readonly lastOutput: string[];

  constructor(message: string, processId: string | null = null, lastOutput: string[] = []) {
    super(message);
    this.name = "StepFailure";
    this.processId = processId;
    this.lastOutput = lastOutput;
  }
}

/** Anything that a scenario threw, as result.json keeps it; what is no StepFailure is a bug of the scenario. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof StepFailure) {
    return { message: thrown.message, processId: thrown.processId, lastOutput: thrown.lastOutput };
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return { message: `the scenario itself failed: ${message}`, processId: null, lastOutput: [] };
}
