import { expect, test } from "vitest";
import { byteIncrements, byteSeries, flowsOf } from "./byte-series.ts";
import type { Connection, MeasuredSocket, RunResult, SocketSample } from "./result.ts";
import { sampleRun } from "./sample-run.fixture.ts";

const at = (timeMs: number, bytesWritten: number, bytesRead: number): SocketSample => ({
  timeMs,
  bytesWritten,
  bytesRead,
});

function socket(id: string, samples: SocketSample[], changes: Partial<MeasuredSocket> = {}): MeasuredSocket {
  const { bytesWritten, bytesRead } = samples.at(-1) ?? at(0, 0, 0);
  return { ...sampleRun().sockets[0]!, id, flow: "control", samples, bytesWritten, bytesRead, ...changes };
}

function connection(dialerSocketId: string | null, acceptorSocketId: string | null): Connection {
  return { ...sampleRun().connections[0]!, flow: "control", dialerSocketId, acceptorSocketId };
}

function run(sockets: MeasuredSocket[], connections: Connection[]): RunResult {
  return sampleRun({
    durationMs: 1_000,
    sockets,
    connections,
    flows: [{ name: "control", label: "Control" }],
  });
}

const bytesOf = (result: RunResult) => byteIncrements(result).map(({ timeMs, bytes }) => [timeMs, bytes]);

test("A byte measured at both ends counts once, when its writer wrote it", () => {
  const dialer = socket("d", [at(100, 10, 0), at(300, 10, 7)]);
  const acceptor = socket("a", [at(150, 0, 10), at(250, 7, 10)]);
  expect(bytesOf(run([dialer, acceptor], [connection("d", "a")]))).toEqual([
    [100, 10],
    [250, 7],
  ]);
});

test("Bytes that moved some time since the last look are spread over that time, none lost", () => {
  const one = socket("one", [{ ...at(500, 1_003, 0), sinceMs: 100 }]);
  const result = run([one], [connection("one", null)]);
  const { totalBytes, bytesPerInterval } = byteSeries(result, 100);
  expect(totalBytes).toBe(1_003);
  expect(bytesPerInterval.slice(0, 6)).toEqual([0, 251, 251, 250, 251, 0]);
});

test("Where one end alone was measured, it tells both directions", () => {
  const one = socket("one", [at(100, 10, 0), at(300, 10, 7)]);
  const expected = [
    [100, 10],
    [300, 7],
  ];
  expect(bytesOf(run([one], [connection("one", null)]))).toEqual(expected);
  expect(bytesOf(run([one], [connection(null, "one")]))).toEqual(expected);
});

test("Bytes after the last sample count at the close, or at the end of the run", () => {
  const closed = socket("c", [at(100, 10, 0)], { bytesWritten: 15, closedAtMs: 400 });
  const open = socket("o", [], { bytesWritten: 3, closedAtMs: null });
  expect(bytesOf(run([closed, open], [connection("c", null), connection("o", null)]))).toEqual([
    [100, 10],
    [400, 5],
    [1_000, 3],
  ]);
});

test("Bytes fall into the interval in which they were seen, the last moment into the last one", () => {
  const one = socket("one", [at(0, 1, 0), at(99, 3, 0), at(100, 7, 0), at(1_000, 15, 0)], {
    closedAtMs: 1_000,
  });
  const series = byteSeries(run([one], [connection("one", null)]), 100);
  expect(series.bytesPerInterval).toEqual([3, 4, 0, 0, 0, 0, 0, 0, 0, 8]);
  expect(series.totalBytes).toBe(15);
});

test("The flows add up to the total, in every interval", () => {
  const series = byteSeries(sampleRun(), 100);
  const added = series.bytesPerInterval.map((_, index) =>
    series.flows.reduce((sum, flow) => sum + flow.bytesPerInterval[index]!, 0),
  );
  expect(added).toEqual(series.bytesPerInterval);
  const written = sampleRun().sockets.reduce((sum, one) => sum + one.bytesWritten, 0);
  expect(series.totalBytes).toBe(written);
});

test("A flow that no rule declared is drawn after those that were", () => {
  const [first] = sampleRun().connections;
  const result = sampleRun({ connections: [{ ...first!, flow: "other" }] });
  expect(flowsOf(result).map((flow) => flow.name)).toEqual([
    "control",
    "tls",
    "heartbeat",
    "moves",
    "delay",
    "other",
  ]);
});
