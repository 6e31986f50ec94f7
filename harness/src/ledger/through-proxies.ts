// Which sockets are the ends of a connection that went through a fault proxy, by the addresses that the proxy told.
import type { Relayed } from "../fault-proxy/relayed.ts";
import { addressKey, connectionKey } from "../witness/addresses.ts";
import type { SocketRecord } from "../witness/socket-record.ts";

/** By record; each connection through a proxy is given to one dialer and one acceptor, in the order of opening. */
export function relaysOf(
  records: readonly SocketRecord[],
  relayed: readonly Relayed[],
): Map<SocketRecord, Relayed> {
  const waiting = new Map<string, Relayed[]>();
  const wait = (key: string, one: Relayed) => waiting.set(key, [...(waiting.get(key) ?? []), one]);
  for (const one of relayed) {
    wait(`dialer|${addressKey(one.dialerSide.from, one.dialerSide.to)}`, one);
    if (one.acceptorSide) wait(`acceptor|${addressKey(one.acceptorSide.from, one.acceptorSide.to)}`, one);
  }
  const found = new Map<SocketRecord, Relayed>();
  for (const record of records) {
    const one = waiting.get(`${record.side}|${connectionKey(record)}`)?.shift();
    if (one) found.set(record, one);
  }
  return found;
}
