import { expect, test } from "vitest";
import { observedStreams } from "./captured-streams.ts";

const packet = (stream: number, from: number, to: number, start: number, length: number, ipHeader = "20") =>
  [stream, "10.0.0.1", "", from, "10.0.0.1", "", to, ipHeader, 32, start, length].join("\t");

test("A connection is reported as each of its ends sees it, headers included", () => {
  const [dialer, acceptor] = observedStreams([packet(0, 4, 5, 1, 100), packet(0, 5, 4, 1, 7)]);
  expect(dialer).toEqual({
    local: { address: "10.0.0.1", port: 4 },
    remote: { address: "10.0.0.1", port: 5 },
    count: {
      bytesWritten: 100,
      bytesRead: 7,
      segmentsWritten: 1,
      segmentsRead: 1,
      headerBytes: 52,
      retransmittedBytes: 0,
    },
    isReadExact: true,
  });
  expect(acceptor).toMatchObject({ local: { port: 5 }, count: { bytesWritten: 7, bytesRead: 100 } });
});

test("Retransmitted bytes in other segments count once as payload", () => {
  const lines = [packet(0, 4, 5, 1, 100), packet(0, 4, 5, 101, 50), packet(0, 4, 5, 51, 80)];
  expect(observedStreams(lines)[0]!.count).toMatchObject({
    bytesWritten: 150,
    retransmittedBytes: 80,
    segmentsWritten: 3,
  });
});

test("A pair of ports that is reused makes another connection", () => {
  const lines = [packet(0, 4, 5, 1, 10), packet(1, 4, 5, 1, 20)];
  const seen = observedStreams(lines).filter(({ local }) => local.port === 4);
  expect(seen.map(({ count }) => count.bytesWritten)).toEqual([10, 20]);
});
