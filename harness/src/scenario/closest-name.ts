// What somebody meant who typed a name that does not exist.
import { distance } from "fastest-levenshtein";

const FEWEST_LETTERS = 3;
const MOST_LETTERS_OF_ABBREVIATION = 4;

/** The candidate that was probably meant: one that it abbreviates or begins, or the one that needs the fewest edits. */
export function closestName(typed: string, candidates: readonly string[]): string | null {
  const name = typed.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(name, candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  const shortened = ranked.find(({ candidate }) => shortens(name, candidate.toLowerCase()));
  const close = ranked.find(({ candidate, edits }) => isClose(edits, name.length, candidate.length));
  return (shortened ?? close)?.candidate ?? null;
}

/** Of two letters, one that is wrong leaves nothing to go by. */
function isClose(edits: number, typedLength: number, length: number): boolean {
  return typedLength > 2 && edits <= Math.max(2, length / 2);
}

/** As `cmd` and `comm` do `command`. */
function shortens(short: string, long: string): boolean {
  if (short.length < FEWEST_LETTERS || short[0] !== long[0]) return false;
  if (long.startsWith(short)) return true;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length && short.length <= MOST_LETTERS_OF_ABBREVIATION;
}

/** "Did you mean …?", or all that there is. */
export function suggestion(typed: string, known: readonly string[]): string {
  const closest = closestName(typed, known);
  return closest ? `Did you mean "${closest}"?` : `Known are: ${known.join(", ")}.`;
}
