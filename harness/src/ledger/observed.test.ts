import { expect, test } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { Observation } from "../witness/witness.ts";
import { withObserved } from "./observed.ts";
import { wireLevels } from "./wire-levels.ts";

const [socket] = sampleResult().sockets;
const { local, remote } = socket!;

function record(openedAtMs: number, more: Partial<SocketRecord> = {}): SocketRecord {
  const { messages: _, kernel: _k, captured: _c, ...rest } = socket!;
  const known = { pid: 1, number: 1, sawPeerEnd: true, firstLinesWritten: [], firstLinesRead: [] };
  return { ...rest, ...known, openedAtMs, ...more };
}

function seen(bytesWritten: number, isReadExact = false): Observation {
  const count = {
    bytesWritten,
    bytesRead: 500,
    segmentsWritten: 3,
    segmentsRead: 2,
    headerBytes: 156,
    retransmittedBytes: 40,
  };
  return { local, remote, count, isReadExact };
}

test("Where addresses were used again, their order tells which is whose", () => {
  const [later, earlier] = withObserved([record(20), record(10)], "captured", [seen(1), seen(2)]);
  expect(earlier!.captured?.bytesWritten).toBe(1);
  expect(later!.captured?.bytesWritten).toBe(2);
});

test("Nothing is guessed where a witness saw more or fewer connections than there were", () => {
  for (const sights of [[seen(1)], [seen(1), seen(2), seen(3)]]) {
    const records = withObserved([record(10), record(20)], "kernel", sights);
    expect(records.map(({ kernel }) => kernel)).toEqual([undefined, undefined]);
  }
});

test("What the kernel received is sure only where the program read the peer's end", () => {
  const readBy = (more: Partial<SocketRecord>) =>
    withObserved([record(1, more)], "kernel", [seen(1)])[0]!.kernel?.bytesRead;
  expect(readBy({})).toBe(500);
  expect(readBy({ sawPeerEnd: false })).toBeNull();
  expect(readBy({ isTls: true })).toBeNull();
});

test("Both directions go into the residual, of each witness", () => {
  const { count } = seen(1_500);
  const levels = wireLevels([
    { ...socket!, kernel: { ...count, bytesWritten: 1_498, bytesRead: 501 }, captured: count },
  ]);
  expect(levels).toEqual({
    from: "capture",
    payload: 1_500,
    segments: 3,
    headers: 156,
    retransmitted: 40,
    kernel: { sockets: 1, residual: 3 },
    capture: { sockets: 1, residual: 0 },
  });
});

test("Segments and headers are the kernel's where there is no capture, and nobody's where a socket is unseen", () => {
  const { count } = seen(1_500);
  expect(wireLevels([{ ...socket!, kernel: count }])).toMatchObject({ from: "kernel", segments: 3 });
  expect(wireLevels([{ ...socket!, kernel: count }, socket!]).from).toBeNull();
});

test("Of a flow without sockets nobody is the witness", () => {
  expect(wireLevels([]).from).toBeNull();
});
