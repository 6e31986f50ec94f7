// What somebody meant who typed a name that does not exist.
import { distance } from "fastest-levenshtein";

const FEWEST_LETTERS = 3;

/** The candidate that was probably meant: one that begins alike, needs few edits, or is abbreviated. */
export function closestName(typed: string, candidates: readonly string[]): string | null {
  const name = typed.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: distance(name, candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits);
  const isClose = ({ candidate, edits }: { candidate: string; edits: number }) =>
    edits <= Math.max(2, candidate.length / 2);
  const first = ranked[0];
  if (first && first.edits <= 2) return first.candidate;
  const beginsAlike = ranked.find(({ candidate }) => begins(candidate.toLowerCase(), name));
  const found = beginsAlike ?? ranked.find(isClose);
  return (
    (found ?? ranked.find(({ candidate }) => abbreviates(name, candidate.toLowerCase())))?.candidate ?? null
  );
}

function begins(long: string, short: string): boolean {
  return short.length >= FEWEST_LETTERS && long.startsWith(short);
}

/** As `cmd` does `command`: the same first letter, and the others in the same order. */
function abbreviates(short: string, long: string): boolean {
  if (short.length < FEWEST_LETTERS || short[0] !== long[0]) return false;
  let at = 0;
  for (const letter of long) if (letter === short[at]) at += 1;
  return at === short.length;
}

/** "Did you mean …?", or all that there is. */
export function suggestion(typed: string, known: readonly string[]): string {
  const closest = closestName(typed, known);
  return closest ? `Did you mean "${closest}"?` : `Known are: ${known.join(", ")}.`;
}
