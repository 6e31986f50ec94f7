// What a scenario's step rejects with when the world did not do what was expected of it, or when the step itself was
// asked for wrongly.
import type { Failure } from "../result/result.ts";
import { closestName } from "./closest-name.ts";
import { excerptAt, type Place, placeOfError, placeText } from "./source-place.ts";

interface Explanation {
  /** What may be the reason, and what to do: a sentence each. */
  hints?: string[];
  /** The step in the scenario. */
  place?: Place | null;
}

export class StepFailure extends Error {
  override readonly name = "StepFailure";
  /** The program that did not do what was expected. */
  readonly processId: string | null;
  /** The last lines that it printed. */
  readonly lastOutput: string[];
  readonly hints: string[];
  readonly place: Place | null;

  constructor(
    message: string,
    processId: string | null = null,
    lastOutput: string[] = [],
    { hints = [], place = null }: Explanation = {},
  ) {
    super(message);
    this.processId = processId;
    this.lastOutput = lastOutput;
    this.hints = hints;
    this.place = place;
  }

  /** The same, of a step that only its caller knows. */
  at(place: Place | null): StepFailure {
    const { message, processId, lastOutput, hints } = this;
    return new StepFailure(message, processId, lastOutput, { hints, place });
  }
}

/** Anything that a scenario threw, as result.json keeps it; what is no StepFailure is a bug of the scenario. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof StepFailure) {
    const { message, hints, place, processId, lastOutput } = thrown;
    const lines = [message, ...hints, ...(place ? [`at ${placeText(place)}`] : [])];
    return { message: lines.join("\n"), processId, lastOutput };
  }
  return { message: `the scenario itself failed: ${errorText(thrown)}`, processId: null, lastOutput: [] };
}

/** What an error in a user's file says, and where; the whole stack if no frame of it is in a user's file. */
export function errorText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const place = placeOfError(thrown);
  if (!place) return thrown.stack ?? thrown.message;
  const message = `${thrown.name}: ${readable(thrown.message)}`;
  return [message, `at ${placeText(place)}`, ...excerptAt(place)].join("\n");
}

/** The same in one line. */
export function errorLine(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const place = placeOfError(thrown);
  return `${thrown.name}: ${readable(thrown.message)}${place ? `, at ${placeText(place)}` : ""}`;
}

/** Imported names as they were written, not as the loader compiles them; with a suggestion for a mistyped step. */
function readable(message: string): string {
  const asWritten = message.replaceAll(/\(0 ?, ?_\w+\.(\w+)\)/g, "$1");
  const [, step] = /\.(\w+) is not a function/.exec(asWritten) ?? [];
  const meant = step === undefined ? null : closestName(step, STEPS);
  return meant && meant !== step ? `${asWritten}. Did you mean "${meant}"?` : asWritten;
}

/** What a scenario can call on its context, on a program and on a wire. */
const STEPS =
  "start proxy isolatedNetwork temporaryFolder freePort flow phase outage figure plot pause until type endInput sees signal stop ended silence delay bandwidth segments glue heal cut close".split(
    " ",
  );
