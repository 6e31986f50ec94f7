// One list of a run's sockets out of what the probe and the kernel recorded: each socket once, by whoever knows more
// of it. Pure.
import { addressKey } from "./addresses.ts";
import type { SocketRecord } from "./socket-record.ts";

/**
 * The probe knows what a socket said and when its program read it. The kernel knows every socket, those of worker
 * threads, of native code and of programs that no probe is in too, and the last bytes of a process that was killed.
 */
export function mergeRecords(
  fromProbe: readonly SocketRecord[],
  fromKernel: readonly SocketRecord[],
): SocketRecord[] {
  const unmatched = new Map<string, SocketRecord[]>();
  for (const record of fromKernel) {
    const same = unmatched.get(keyOf(record));
    if (same) same.push(record);
    else unmatched.set(keyOf(record), [record]);
  }
  const merged = fromProbe.map((record) => {
    const candidates = unmatched.get(keyOf(record)) ?? [];
    const twin = nearest(candidates, record.openedAtMs);
    if (!twin) return record;
    candidates.splice(candidates.indexOf(twin), 1);
    return record.end === "killed" ? withLastBytes(record, twin) : record;
  });
  return [...merged, ...[...unmatched.values()].flat()];
}

function keyOf({ processId, local, remote }: SocketRecord): string {
  return `${processId}|${addressKey(local, remote)}`;
}

/** Addresses are used again, but not at the same time. */
function nearest(records: readonly SocketRecord[], atMs: number): SocketRecord | undefined {
  const distance = (record: SocketRecord) => Math.abs(record.openedAtMs - atMs);
  return [...records].sort((one, other) => distance(one) - distance(other))[0];
}

function withLastBytes(
  record: SocketRecord,
  { bytesWritten, bytesRead, closedAtMs }: SocketRecord,
): SocketRecord {
  if (bytesWritten <= record.bytesWritten && bytesRead <= record.bytesRead) return record;
  const sums = {
    bytesWritten: Math.max(bytesWritten, record.bytesWritten),
    bytesRead: Math.max(bytesRead, record.bytesRead),
  };
  const lastMs = Math.max(record.samples.at(-1)?.timeMs ?? 0, closedAtMs ?? record.closedAtMs ?? 0);
  return { ...record, ...sums, samples: [...record.samples, { timeMs: lastMs, ...sums }] };
}
