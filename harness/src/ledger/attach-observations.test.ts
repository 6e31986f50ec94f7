import { expect, test } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import type { SocketRecord } from "../witness/socket-record.ts";
import type { Observation } from "../witness/witness.ts";
import { attachObservations } from "./attach-observations.ts";
import { wireLevels } from "./wire-levels.ts";

const [socket] = sampleResult().sockets;
const { local, remote } = socket!;

function record(openedAtMs: number, more: Partial<SocketRecord> = {}): SocketRecord {
  const { messages: _, kernel: _k, captured: _c, ...rest } = socket!;
  const known = { pid: 1, number: 1, sawPeerEnd: true, firstLinesWritten: [], firstLinesRead: [] };
  return { ...rest, ...known, openedAtMs, ...more };
}

function observation(bytesWritten: number, isReadExact = false): Observation {
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

test("Reused addresses are matched by their order", () => {
  const [later, earlier] = attachObservations([record(20), record(10)], "captured", [
    observation(1),
    observation(2),
  ]);
  expect(earlier!.captured?.bytesWritten).toBe(1);
  expect(later!.captured?.bytesWritten).toBe(2);
});

test("Nothing is matched if a witness saw more or fewer connections than there were", () => {
  for (const observations of [[observation(1)], [observation(1), observation(2), observation(3)]]) {
    const records = attachObservations([record(10), record(20)], "kernel", observations);
    expect(records.map(({ kernel }) => kernel)).toEqual([undefined, undefined]);
  }
});

test("The kernel's count of received bytes is certain only if the program read the peer's end", () => {
  const readBy = (more: Partial<SocketRecord>) =>
    attachObservations([record(1, more)], "kernel", [observation(1)])[0]!.kernel?.bytesRead;
  expect(readBy({})).toBe(500);
  expect(readBy({ sawPeerEnd: false })).toBeNull();
  expect(readBy({ isTls: true })).toBeNull();
});

test("The residual of each witness covers both directions", () => {
  const { count } = observation(1_500);
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

test("Segments and headers come from the kernel without a capture, and from no witness if a socket is missing", () => {
  const { count } = observation(1_500);
  expect(wireLevels([{ ...socket!, kernel: count }])).toMatchObject({ from: "kernel", segments: 3 });
  expect(wireLevels([{ ...socket!, kernel: count }, socket!]).from).toBeNull();
});

test("A flow without sockets has no witness", () => {
  expect(wireLevels([]).from).toBeNull();
});
