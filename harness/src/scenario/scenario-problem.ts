// A mistake in a file that should hold a scenario, and how it is printed.
import { excerptAt, type Place, placeText } from "./source-place.ts";

export interface ScenarioProblem {
  place: Place;
  /** What is wrong, and what to write instead. */
  message: string;
}

/** `file:line:column: what is wrong`, then the line itself. */
export function problemText({ place, message }: ScenarioProblem): string {
  const excerpt = excerptAt(place).map((line) => `    ${line}`);
  return [`${placeText(place)}: ${message}`, ...excerpt].join("\n");
}
