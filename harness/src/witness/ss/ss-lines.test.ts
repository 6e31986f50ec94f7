import { expect, it } from "vitest";
import { readSsLine } from "./ss-lines.ts";

const tail =
  "ts sack cubic wscale:7,7 rto:204 mss:32768 bytes_sent:40 bytes_retrans:4 bytes_acked:37 bytes_received:14 segs_out:7 segs_in:5";

it("A connection has its ends, the processes that hold it, and its payload without what was sent again", () => {
  const users = 'users:(("redis-cli",pid=963,fd=3),("sh",pid=7,fd=3)) timer:(keepalive,14sec,0) ino:5 sk:1f';
  expect(readSsLine(`ESTAB 0 0 127.0.0.1:57246 127.0.0.1:7391 ${users} cgroup:/ <-> ${tail}`)).toEqual({
    state: "ESTAB",
    local: { address: "127.0.0.1", port: 57_246 },
    remote: { address: "127.0.0.1", port: 7_391 },
    pids: [963, 7],
    cookie: "1f",
    bytesWritten: 36,
    bytesRead: 14,
    sawPeerEnd: false,
    segmentsWritten: 7,
    segmentsRead: 5,
    retransmittedBytes: 4,
    hasTimestamps: true,
  });
});

it("Whether the peer's end came is known of a socket that is there, not of one that is gone", () => {
  const sawPeerEnd = (state: string) =>
    readSsLine(`${state} 0 0 10.0.0.1:1 10.0.0.2:2 sk:5 bytes_received:8`)?.sawPeerEnd;
  expect(["ESTAB", "CLOSE-WAIT", "UNCONN"].map(sawPeerEnd)).toEqual([false, true, false]);
});

it.each(["CLOSE-WAIT", "LAST-ACK", "UNCONN"])("In %s the peer's end is no byte of payload", (state) => {
  expect(readSsLine(`${state} 0 0 10.0.0.1:1 10.0.0.2:2 ino:0 sk:2 ${tail}`)?.bytesRead).toBe(13);
});

it.each([
  ["127.0.0.1%lo:53", "127.0.0.1", 53],
  ["[::1]:53", "::1", 53],
  ["[::ffff:10.0.0.1]:53", "10.0.0.1", 53],
  ["[fe80::1]%eth0:53", "fe80::1", 53],
  ["*:53", "*", 53],
])("%s is an address and a port", (text, address, port) => {
  expect(readSsLine(`LISTEN 0 0 ${text} 0.0.0.0:* ino:1 sk:3`)).toMatchObject({
    local: { address, port },
    remote: null,
  });
});

it.each(["", "State Recv-Q Send-Q", "ESTAB 0 0 somewhere else"])("%j tells of no socket", (line) => {
  expect(readSsLine(line)).toBeNull();
});
