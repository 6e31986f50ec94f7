// Adds to each socket record what an outside witness, the kernel or a capture, observed of it. Pure.

import { addressKey } from "../witness/addresses.ts";
import { groupBy } from "../witness/group-by.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { Observation } from "../witness/witness.ts";

/**
 * Matches by addresses, and by order where addresses were reused. If a witness saw more or fewer connections with the
 * same addresses than there were, the match is unknown and none is made. The kernel counts the peer's FIN as one byte if
 * it arrived while the socket existed. A witness that cannot see whether it arrived knows the bytes read only if the
 * program read the peer's end, and not under TLS, which has an end of its own.
 */
export function attachObservations(
  records: readonly SocketRecord[],
  witness: "kernel" | "captured",
  observed: readonly Observation[],
): SocketRecord[] {
  const keyOf = ({ local, remote }: Pick<Observation, "local" | "remote">) => addressKey(local, remote);
  const observations = groupBy(observed, keyOf);
  const uses = groupBy(
    records.toSorted((one, other) => one.openedAtMs - other.openedAtMs),
    keyOf,
  );
  return records.map((record) => {
    const sameUses = uses.get(keyOf(record)) ?? [];
    const sameObservations = observations.get(keyOf(record)) ?? [];
    if (sameUses.length !== sameObservations.length) return record;
    const { count, isReadExact } = sameObservations[sameUses.indexOf(record)]!;
    const isReadSure = isReadExact || (record.sawPeerEnd && !record.isTls);
    return { ...record, [witness]: isReadSure ? count : { ...count, bytesRead: null } };
  });
}
