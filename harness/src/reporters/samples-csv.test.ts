import { expect, test } from "vitest";
import type { RunResult } from "../result/result.ts";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { samplesCsv } from "./samples-csv.ts";

const sample = (timeMs: number, cpuPercent: number, megabytes: number) => ({
  timeMs,
  cpuPercent,
  rssBytes: megabytes * 1e6,
  processCount: 1,
});

/** Two processes, and one connection with only its dialer measured. */
function smallRun(changes: Partial<RunResult> = {}): RunResult {
  const run = sampleRun();
  const [server, alan] = run.processes;
  return {
    ...run,
    durationMs: 300,
    flows: [{ name: "control", label: "Control" }],
    processes: [
      { ...server!, samples: [sample(100, 96, 40), sample(200, 10.5, 41.25)] },
      { ...alan!, samples: [sample(200, 50, 38)] },
    ],
    sockets: [
      {
        ...run.sockets[0]!,
        id: "alan#1",
        closedAtMs: 250,
        bytesWritten: 12,
        bytesRead: 41,
        samples: [{ timeMs: 150, bytesWritten: 0, bytesRead: 41 }],
      },
    ],
    connections: [{ ...run.connections[0]!, dialerSocketId: "alan#1", acceptorSocketId: null }],
    events: [
      { timeMs: 90, processId: "server", name: "listening", label: "listening", text: "" },
      { timeMs: 120, processId: "alan", name: "said", label: 'a "b", c', text: "" },
      { timeMs: 130, processId: "alan", name: "login", label: "login", text: "" },
    ],
    phases: [
      { name: "start", startMs: 0, endMs: 150 },
      { name: "rest", startMs: 150, endMs: 300 },
    ],
    ...changes,
  };
}

test("There is one row for each sampled moment and the end, with the bytes and events since the previous row", () => {
  expect(samplesCsv(smallRun())).toBe(
    `time_s,phase,server_cpu_percent,server_memory_mb,server_process_count,alan_cpu_percent,alan_memory_mb,alan_process_count,control_bytes,total_bytes,events
0.1,start,96,40,1,,,,0,0,server: listening
0.2,rest,10.5,41.25,1,50,38,1,41,41,"alan: a ""b"", c | alan: login"
0.3,rest,,,,,,,12,12,
`,
  );
});

test("It contains all bytes and all events of a run", () => {
  const [header, ...rows] = samplesCsv(sampleRun()).trimEnd().split("\n");
  const total = header!.split(",").indexOf("total_bytes");
  const bytes = rows.reduce((sum, row) => sum + Number(row.split(",")[total]), 0);
  expect(bytes).toBe(sampleRun().sockets.reduce((sum, socket) => sum + socket.bytesWritten, 0));
  const reported = rows
    .flatMap((row) =>
      row
        .split(",")
        .slice(total + 1)
        .join()
        .split(" | "),
    )
    .filter((text) => text !== "");
  expect(reported).toHaveLength(sampleRun().events.length);
});

test("An empty run has a header and one row for its end", () => {
  const empty = sampleRun({
    processes: [],
    sockets: [],
    connections: [],
    events: [],
    flows: [],
    phases: [],
    durationMs: 0,
  });
  expect(samplesCsv(empty)).toBe("time_s,phase,total_bytes,events\n0,,0,\n");
});
