// Gives each socket what a witness from outside, the kernel or a capture, saw of it. Pure.

import { addressKey } from "../witness/addresses.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { Observation } from "../witness/witness.ts";

/**
 * By addresses, and where the same were used again, by order. Where a witness saw more or fewer of them than there
 * were, it is not known which is whose, and none is given. The peer's FIN takes a place in the sequence that the kernel
 * counts, if it came while there was a socket: a witness that cannot see whether it did is sure of what was read only
 * where the program read the end, and not under TLS, which has an end of its own.
 */
export function withObserved(
  records: readonly SocketRecord[],
  witness: "kernel" | "captured",
  observed: readonly Observation[],
): SocketRecord[] {
  const keyOf = ({ local, remote }: Pick<Observation, "local" | "remote">) => addressKey(local, remote);
  const seen = groupBy(observed, keyOf);
  const uses = groupBy(
    records.toSorted((one, other) => one.openedAtMs - other.openedAtMs),
    keyOf,
  );
  return records.map((record) => {
    const [itsUses, itsSights] = [uses.get(keyOf(record)) ?? [], seen.get(keyOf(record)) ?? []];
    if (itsUses.length !== itsSights.length) return record;
    const { count, isReadExact } = itsSights[itsUses.indexOf(record)]!;
    const isReadSure = isReadExact || (record.sawPeerEnd && !record.isTls);
    return { ...record, [witness]: isReadSure ? count : { ...count, bytesRead: null } };
  });
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
