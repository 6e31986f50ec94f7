// One list of a run's sockets out of what the probe and the kernel recorded: each socket once, by whoever knows more
// of it. Pure.
import type { Warning } from "../result/result.ts";
import { counted } from "../text/quantities.ts";
import { addressKey } from "./addresses.ts";
import { groupBy } from "./group-by.ts";
import type { SocketRecord } from "./socket-record.ts";

/** A process takes a socket that another passed to it at once; nobody gets the same addresses anew so soon. */
const PASSING_TAKES_MS = 1_000;

/**
 * The probe knows what a socket said and when its program read it. The kernel knows every socket, those of worker
 * threads, of native code and of programs that no probe is in too, and the last bytes of a process that was killed.
 */
export function mergeRecords(
  fromProbe: readonly SocketRecord[],
  fromKernel: readonly SocketRecord[],
  probeIntervalMs: number,
): { records: SocketRecord[]; losses: Warning[] } {
  const unmatched = groupBy(fromKernel, keyOf);
  const withoutTwin: SocketRecord[] = [];
  const merged = joinPassed(fromProbe).map((record) => {
    const candidates = unmatched.get(keyOf(record)) ?? [];
    const twin = nearest(candidates, record.openedAtMs);
    if (!twin) {
      withoutTwin.push(record);
      return record;
    }
    candidates.splice(candidates.indexOf(twin), 1);
    return record.end === "killed" ? withLastBytes(record, twin) : record;
  });
  return {
    records: [...merged, ...[...unmatched.values()].flat()],
    losses: lastBytesOfKilled(withoutTwin, probeIntervalMs),
  };
}

function keyOf({ processId, local, remote }: SocketRecord): string {
  return `${processId}|${addressKey(local, remote)}`;
}

/** A socket that one process passed to another has a record of each, of the bytes that each read and wrote itself. */
function joinPassed(records: readonly SocketRecord[]): SocketRecord[] {
  return [...groupBy(records, keyOf).values()].flatMap((sameEnds) => {
    const joined: SocketRecord[] = [];
    for (const record of sameEnds.toSorted((one, other) => one.openedAtMs - other.openedAtMs)) {
      const before = joined.at(-1);
      if (before && isPassed(before, record)) joined.splice(-1, 1, join(before, record));
      else joined.push(record);
    }
    return joined;
  });
}

function isPassed(before: SocketRecord, { pid, openedAtMs }: SocketRecord): boolean {
  return (
    before.pid !== pid && openedAtMs <= (before.closedAtMs ?? Number.POSITIVE_INFINITY) + PASSING_TAKES_MS
  );
}

/** The later one says how it ended; who carried more, what was said. */
function join(one: SocketRecord, later: SocketRecord): SocketRecord {
  const busier = bytesOf(later) >= bytesOf(one) ? later : one;
  return {
    ...busier,
    openedAtMs: one.openedAtMs,
    closedAtMs: later.closedAtMs,
    end: later.end,
    sawPeerEnd: one.sawPeerEnd || later.sawPeerEnd,
    bytesWritten: one.bytesWritten + later.bytesWritten,
    bytesRead: one.bytesRead + later.bytesRead,
    samples: summed(one.samples, later.samples),
  };
}

/** Both count from 0: at each moment the sum of what each had counted by then. */
function summed(ones: SocketRecord["samples"], others: SocketRecord["samples"]): SocketRecord["samples"] {
  const zero = { bytesWritten: 0, bytesRead: 0 };
  const times = [...new Set([...ones, ...others].map(({ timeMs }) => timeMs))].sort(
    (one, other) => one - other,
  );
  return times.map((timeMs) => {
    const until = (samples: SocketRecord["samples"]) =>
      samples.findLast((sample) => sample.timeMs <= timeMs) ?? zero;
    const [one, other] = [until(ones), until(others)];
    return {
      timeMs,
      bytesWritten: one.bytesWritten + other.bytesWritten,
      bytesRead: one.bytesRead + other.bytesRead,
    };
  });
}

function bytesOf({ bytesWritten, bytesRead }: SocketRecord): number {
  return bytesWritten + bytesRead;
}

/** Addresses are used again, but not at the same time. */
function nearest(records: readonly SocketRecord[], atMs: number): SocketRecord | undefined {
  const distance = (record: SocketRecord) => Math.abs(record.openedAtMs - atMs);
  return records.toSorted((one, other) => distance(one) - distance(other))[0];
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

/** What a probe had not told yet when its process was killed; nobody else saw these sockets. */
function lastBytesOfKilled(withoutTwin: readonly SocketRecord[], probeIntervalMs: number): Warning[] {
  const killed = withoutTwin.filter(({ end }) => end === "killed");
  return [...groupBy(killed, ({ processId }) => processId)].map(([id, { length }]) => ({
    cause: `a process of ${id} was killed with ${counted(length, "connection", "connections")} open, whose last ${probeIntervalMs} ms of bytes may be missing`,
    remedy: "Run as root, so that the kernel counts them, or let the program end when SIGTERM comes.",
  }));
}
