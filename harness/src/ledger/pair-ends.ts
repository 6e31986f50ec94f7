// Finds the two ends of each connection among the sockets of all processes: mirrored addresses, and the same time,
// as a pair of addresses and ports can be used again.

import { connectionKey } from "../witness/addresses.ts";
import type { SocketRecord } from "../witness/socket-record.ts";

export interface Pair {
  dialer: SocketRecord | undefined;
  acceptor: SocketRecord | undefined;
}

/** A busy process may accept a connection only after its dialer has closed it, and the other way round. */
const MAX_GAP_MS = 5_000;

/**
 * Every record is in exactly one pair; an end that was not measured is undefined. Takes and keeps the order of opening.
 * What has the same `middle`, which stood between them, belongs together whatever the addresses.
 */
export function pairEnds(
  records: SocketRecord[],
  middle: ReadonlyMap<SocketRecord, object> = new Map(),
): Pair[] {
  const keyOf = (record: SocketRecord) => middle.get(record) ?? connectionKey(record);
  const acceptors = new Map<object | string, SocketRecord[]>();
  for (const record of records) {
    if (record.side === "dialer") continue;
    const key = keyOf(record);
    acceptors.set(key, [...(acceptors.get(key) ?? []), record]);
  }

  const partners = new Map<SocketRecord, SocketRecord>();
  const dialers = records.filter((record) => record.side === "dialer");
  // Those that lived at the same time first, so that a nearby stranger takes nobody's partner away.
  for (const maxGapMs of [0, MAX_GAP_MS]) {
    for (const dialer of dialers) {
      if (partners.has(dialer)) continue;
      const candidates = acceptors.get(keyOf(dialer)) ?? [];
      const acceptor = candidates.find((one) => !partners.has(one) && gapMs(dialer, one) <= maxGapMs);
      if (acceptor === undefined) continue;
      partners.set(dialer, acceptor);
      partners.set(acceptor, dialer);
    }
  }

  const isFirstOfPair = (record: SocketRecord) => record.side === "dialer" || !partners.has(record);
  return records.filter(isFirstOfPair).map((record) => {
    return record.side === "dialer"
      ? { dialer: record, acceptor: partners.get(record) }
      : { dialer: undefined, acceptor: record };
  });
}

/** How far apart two lives are; 0 if they overlap. */
function gapMs(a: SocketRecord, b: SocketRecord): number {
  const endOf = (record: SocketRecord) => record.closedAtMs ?? Number.POSITIVE_INFINITY;
  return Math.max(0, a.openedAtMs - endOf(b), b.openedAtMs - endOf(a));
}
