import { expect, it } from "vitest";
import { readSocketLine } from "./socket-lines.ts";

it("a socket that begins to listen names its owner", () => {
  expect(readSocketLine("state 100 ffff8881 44 28847 7 10 ::ffff:127.0.0.1 7811 ::ffff:0.0.0.0 0")).toEqual({
    kind: "state",
    timeNs: 100,
    pointer: "ffff8881",
    cgroupId: 44,
    pid: 28847,
    oldState: 7,
    newState: 10,
    local: { address: "127.0.0.1", port: 7811 },
    remote: { address: "0.0.0.0", port: 0 },
  });
});

it("a closed socket tells its counts, without the place of the peer's FIN in what was read", () => {
  const line = "close 200 ffff8881 44 7 9 ::1 7811 ::1 40000 100000 6 1460 71 4 1 1";
  expect(readSocketLine(line)).toMatchObject({
    kind: "close",
    oldState: 9,
    local: { address: "::1", port: 7811 },
    bytesWritten: 100_000,
    bytesRead: 5,
    retransmittedBytes: 1_460,
    segmentsWritten: 71,
    segmentsRead: 4,
    hasTimestamps: true,
    sawPeerEnd: true,
  });
});

it("a reset socket received no FIN, so nothing is taken off", () => {
  const line = "close 200 ffff8881 44 7 1 ::1 7811 ::1 40000 10 6 0 2 2 1 0";
  expect(readSocketLine(line)).toMatchObject({ bytesRead: 6, sawPeerEnd: false });
});

it.each([
  [
    "@written[0xffff8881, 100, 7]: 42",
    { kind: "counter", counter: "written", pointer: "ffff8881", lifeNs: 100, interval: 7, bytes: 42 },
  ],
  [
    "@udp_recv_count[44, 28847]: 3",
    {
      kind: "udp",
      direction: "read",
      unit: "datagrams",
      cgroupId: 44,
      pid: 28847,
      count: 3,
    },
  ],
  ["tick 300", { kind: "tick", timeNs: 300 }],
  ["found 300 ffff8881 44 7", { kind: "found", timeNs: 300, pointer: "ffff8881", cgroupId: 44, pid: 7 }],
  ["unix bind 44 /run/a socket", { kind: "unix", call: "bind", cgroupId: 44, path: "/run/a socket" }],
  ["unix connect 44 ", { kind: "unix", call: "connect", cgroupId: 44, path: "" }],
  ["Lost 12 events", { kind: "lost", count: 12 }],
])("%j is read", (line, read) => {
  expect(readSocketLine(line)).toEqual(read);
});

it.each(["", "ready", "state 100 ffff", "@other[1]: 2"])("%j says nothing", (line) => {
  expect(readSocketLine(line)).toBeNull();
});
