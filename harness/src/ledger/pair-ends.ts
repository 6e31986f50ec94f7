// Finds the two ends of each connection among the sockets of all processes: they have mirrored addresses and lived at
// the same time, because a pair of addresses and ports can be reused. The ends of a connection through a fault proxy are
// found by the addresses that the proxy reported.
import type { Relayed } from "../fault-proxy/relayed-connection.ts";
import { addressKey, connectionKey } from "../witness/addresses.ts";
import type { SocketRecord } from "../witness/socket-record.ts";

export interface Pair {
  dialer: SocketRecord | undefined;
  acceptor: SocketRecord | undefined;
}

/** A busy process may accept a connection only after its dialer has closed it, and the other way round. */
const MAX_GAP_MS = 5_000;

/**
 * Every record is in exactly one pair; an end that was not measured is undefined. The records are in the order of
 * opening, and so are the pairs. Records with the same relay belong together whatever their addresses.
 */
export function pairEnds(
  records: SocketRecord[],
  relays: ReadonlyMap<SocketRecord, object> = new Map(),
): Pair[] {
  const keyOf = (record: SocketRecord) => relays.get(record) ?? connectionKey(record);
  const acceptors = new Map<object | string, SocketRecord[]>();
  for (const record of records) {
    if (record.side === "dialer") continue;
    const key = keyOf(record);
    acceptors.set(key, [...(acceptors.get(key) ?? []), record]);
  }

  const partners = new Map<SocketRecord, SocketRecord>();
  const dialers = records.filter((record) => record.side === "dialer");
  // Sockets that lived at the same time are paired first, so that one nearby in time does not take their partner.
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

/** The time between two lifetimes; 0 if they overlap. */
function gapMs(a: SocketRecord, b: SocketRecord): number {
  const endOf = (record: SocketRecord) => record.closedAtMs ?? Number.POSITIVE_INFINITY;
  return Math.max(0, a.openedAtMs - endOf(b), b.openedAtMs - endOf(a));
}

/** The proxy's report of each record; each report goes to one dialer and one acceptor, in the order of opening. */
export function relaysOf(
  records: readonly SocketRecord[],
  relayed: readonly Relayed[],
): Map<SocketRecord, Relayed> {
  const waiting = new Map<string, Relayed[]>();
  const add = (key: string, one: Relayed) => waiting.set(key, [...(waiting.get(key) ?? []), one]);
  for (const one of relayed) {
    add(`dialer|${addressKey(one.dialerSide.from, one.dialerSide.to)}`, one);
    if (one.acceptorSide) add(`acceptor|${addressKey(one.acceptorSide.from, one.acceptorSide.to)}`, one);
  }
  const found = new Map<SocketRecord, Relayed>();
  for (const record of records) {
    const one = waiting.get(`${record.side}|${connectionKey(record)}`)?.shift();
    if (one) found.set(record, one);
  }
  return found;
}
