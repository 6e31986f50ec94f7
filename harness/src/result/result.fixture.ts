// A small RunResult with round figures, for the tests.
import type { Connection, MeasuredProcess, RunResult } from "./result.ts";

export function sampleResult(): RunResult {
  return {
    schemaVersion: 1,
    scenario: { name: "sample", title: "A sample", description: "Made up." },
    startedAt: "2026-01-02T03:04:05.678Z",
    durationMs: 1_000,
    status: "passed",
    failure: null,
    environment: {
      harnessVersion: "0.0.0",
      nodeVersion: "v20.0.0",
      platform: "linux",
      architecture: "x64",
      kernel: "Linux 6",
      cpuModel: "none",
      cpuCount: 2,
      memoryBytes: 1e9,
    },
    sampling: { intervalMs: 100, sampler: "none", ticksTaken: 2, ticksMissed: 0 },
    flows: [{ name: "control", label: "control" }],
    processes: [
      {
        ...measuredProcess("server"),
        exitCode: 0,
        samples: [
          { timeMs: 100, cpuPercent: 10, rssBytes: 80_000_000, processCount: 1 },
          { timeMs: 200, cpuPercent: 20, rssBytes: 70_000_000, processCount: 1 },
        ],
      },
      { ...measuredProcess("killed"), signal: "SIGKILL" },
    ],
    sockets: [
      {
        id: "server#1",
        processId: "server",
        flow: "control",
        side: "acceptor",
        isTls: false,
        local: { address: "127.0.0.1", port: 3000 },
        remote: { address: "127.0.0.1", port: 50_000 },
        openedAtMs: 100,
        closedAtMs: 900,
        end: "fin",
        bytesWritten: 1_500,
        bytesRead: 500,
        samples: [{ timeMs: 100, bytesWritten: 1_500, bytesRead: 500 }],
      },
    ],
    connections: [connection(), connection()],
    events: ["server", "killed"].map((processId) => ({
      timeMs: 300,
      processId,
      name: "login",
      label: "login",
      text: "Logged in",
    })),
    phases: [
      { name: "early", startMs: 0, endMs: 150 },
      { name: "late", startMs: 150, endMs: 1_000 },
    ],
    checks: [],
  };
}

function measuredProcess(id: string): MeasuredProcess {
  return {
    id,
    label: id,
    command: ["node", `${id}.js`],
    pid: 7,
    startedAtMs: 0,
    endedAtMs: 1_000,
    exitCode: null,
    signal: null,
    samples: [],
  };
}

function connection(): Connection {
  return {
    flow: "control",
    dialerSocketId: "client#1",
    acceptorSocketId: "server#1",
    end: "fin",
    dialerToAcceptor: { writtenBytes: 500, readBytes: 500, residualBytes: 0 },
    acceptorToDialer: { writtenBytes: 1_500, readBytes: 1_500, residualBytes: 0 },
  };
}
