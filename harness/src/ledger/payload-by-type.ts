// Payload by flow and message type, each message counted where it was written. Pure.
import type { MeasuredSocket } from "../result/result.ts";

export interface MessagePayload {
  flow: string;
  type: string;
  count: number;
  bytes: number;
}

/** Most bytes first. */
export function payloadByType(sockets: readonly MeasuredSocket[]): MessagePayload[] {
  const rows = new Map<string, MessagePayload>();
  for (const { flow, messages } of sockets) {
    for (const { type, count, bytes } of messages?.written ?? []) {
      const row = rows.get(`${flow} ${type}`) ?? { flow, type, count: 0, bytes: 0 };
      row.count += count;
      row.bytes += bytes;
      rows.set(`${flow} ${type}`, row);
    }
  }
  return [...rows.values()].sort((one, other) => other.bytes - one.bytes);
}
