import { describe, expect, it } from "vitest";
import { mergeRecords } from "./merge-records.ts";
import type { SocketRecord } from "./socket-record.ts";

const INTERVAL_MS = 100;

function recordOf(more: Partial<SocketRecord>): SocketRecord {
  return {
    processId: "server",
    pid: 1,
    number: 1,
    side: "acceptor",
    isTls: false,
    local: { address: "127.0.0.1", port: 80 },
    remote: { address: "127.0.0.1", port: 40_000 },
    openedAtMs: 0,
    closedAtMs: 1_000,
    end: "fin",
    sawPeerEnd: true,
    bytesWritten: 0,
    bytesRead: 0,
    samples: [],
    firstLinesWritten: [],
    firstLinesRead: [],
    ...more,
  };
}

const sample = (timeMs: number, bytesWritten: number) => ({ timeMs, bytesWritten, bytesRead: 0 });

describe("a socket that both saw", () => {
  const fromProbe = recordOf({ bytesWritten: 5, samples: [sample(10, 5)], firstLinesRead: ["login"] });

  it("is one, as the probe saw it", () => {
    const { records, losses } = mergeRecords([fromProbe], [recordOf({ bytesWritten: 5 })], INTERVAL_MS);
    expect(records).toEqual([fromProbe]);
    expect(losses).toEqual([]);
  });

  it("has the last bytes of a killed process from the kernel", () => {
    const killed = { ...fromProbe, end: "killed" as const };
    const { records, losses } = mergeRecords([killed], [recordOf({ bytesWritten: 9 })], INTERVAL_MS);
    expect(records).toEqual([{ ...killed, bytesWritten: 9, samples: [sample(10, 5), sample(1_000, 9)] }]);
    expect(losses).toEqual([]);
  });
});

it("A socket that only the kernel saw is one more", () => {
  const other = recordOf({ remote: { address: "127.0.0.1", port: 40_001 } });
  expect(mergeRecords([recordOf({})], [other], INTERVAL_MS).records).toHaveLength(2);
});

it("The last bytes of a killed process that only the probe saw are said to be missing", () => {
  const { losses } = mergeRecords([recordOf({ end: "killed" })], [], INTERVAL_MS);
  expect(losses.map(({ cause }) => cause)).toEqual([
    "a process of server was killed with 1 connection open, whose last 100 ms of bytes may be missing",
  ]);
});

describe("a socket that one process passed to another", () => {
  const parents = recordOf({ closedAtMs: 50, bytesWritten: 2, samples: [sample(40, 2)] });
  const childs = recordOf({
    pid: 2,
    openedAtMs: 60,
    closedAtMs: 900,
    end: "reset",
    bytesWritten: 7,
    samples: [sample(70, 7)],
    firstLinesRead: ["move"],
  });

  it("is one, with the bytes of both", () => {
    const { records } = mergeRecords([childs, parents], [], INTERVAL_MS);
    expect(records).toEqual([
      {
        ...childs,
        openedAtMs: 0,
        bytesWritten: 9,
        samples: [sample(40, 2), sample(70, 9)],
      },
    ]);
  });

  it("has one twin in the kernel's list", () => {
    expect(mergeRecords([parents, childs], [recordOf({})], INTERVAL_MS).records).toHaveLength(1);
  });

  it("is not one that has the same addresses later", () => {
    const later = { ...childs, openedAtMs: 5_000 };
    expect(mergeRecords([parents, later], [], INTERVAL_MS).records).toHaveLength(2);
  });
});
