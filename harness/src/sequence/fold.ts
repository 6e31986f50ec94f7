// Folds routine messages: those that follow each other on one connection become one entry in place of the first, whatever
// other connections carry meanwhile. Folding twice changes nothing. Pure.
import { sum } from "../statistics/totals.ts";
import type { SequenceMessage } from "./sequence-data.ts";

/** Fewer messages are not worth folding. */
const MIN_FOLDED = 3;

export function foldRoutine(messages: readonly SequenceMessage[]): SequenceMessage[] {
  const runs = new Map<number, SequenceMessage[]>();
  const folded = new Map<SequenceMessage, SequenceMessage[]>();
  for (const one of messages) {
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
  return messages.flatMap((one) => {
    const run = folded.get(one);
    if (!run || run.length < MIN_FOLDED) return [one];
    return run[0] === one ? [foldedInto(one, run)] : [];
  });
}

function foldedInto(first: SequenceMessage, run: readonly SequenceMessage[]): SequenceMessage {
  const counts = new Map<string, number>();
  for (const { type } of run) counts.set(type ?? "", (counts.get(type ?? "") ?? 0) + 1);
  return {
    ...first,
    bytes: sum(run.map(({ bytes }) => bytes)),
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

/** The number of messages, folded ones included. */
export function countOf(messages: readonly SequenceMessage[]): number {
  return sum(messages.map(({ folded }) => (folded ? sum(folded.counts.map(([, count]) => count)) : 1)));
}
