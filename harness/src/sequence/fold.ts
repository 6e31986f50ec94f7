// Folds what tells nothing new: routine messages that follow each other on one connection become one entry, at the place
// of the first, whatever is said on other connections meanwhile. To fold again changes nothing. Pure.
import type { Said } from "./sequence-data.ts";

const LEAST = 3;

export function foldRoutine(said: readonly Said[]): Said[] {
  const runs = new Map<number, Said[]>();
  const folded = new Map<Said, Said[]>();
  for (const one of said) {
    const run = runs.get(one.connection);
    if (!one.isRoutine || one.folded) runs.delete(one.connection);
    else if (run) {
      run.push(one);
      folded.set(one, run);
    } else {
      runs.set(one.connection, [one]);
      folded.set(one, runs.get(one.connection)!);
    }
  }
  return said.flatMap((one) => {
    const run = folded.get(one);
    if (!run || run.length < LEAST) return [one];
    return run[0] === one ? [foldedInto(one, run)] : [];
  });
}

function foldedInto(first: Said, run: readonly Said[]): Said {
  const counts = new Map<string, number>();
  for (const { type } of run) counts.set(type ?? "", (counts.get(type ?? "") ?? 0) + 1);
  return {
    ...first,
    bytes: run.reduce((sum, { bytes }) => sum + bytes, 0),
    folded: {
      counts: [...counts],
      untilMs: run.at(-1)!.sentMs,
      isBothWays: run.some(({ from }) => from !== first.from),
    },
  };
}

/** "12 × ping/pong", or "12 × ping, 11 × pong". */
export function foldedInWords(counts: readonly [type: string, count: number][]): string {
  const isEven = counts.every(([, count]) => count === counts[0]?.[1]);
  if (isEven) return `${counts[0]?.[1] ?? 0} × ${counts.map(([type]) => type).join("/")}`;
  return counts.map(([type, count]) => `${count} × ${type}`).join(", ");
}

/** How many messages these stand for. */
export function countOf(said: readonly Said[]): number {
  const own = ({ folded }: Said) => folded?.counts.reduce((sum, [, count]) => sum + count, 0) ?? 1;
  return said.reduce((sum, one) => sum + own(one), 0);
}
