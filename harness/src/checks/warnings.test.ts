import { describe, expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import type { RunResult } from "../result/result.ts";
import { warningsOf } from "./warnings.ts";

function sampled(changes: Partial<RunResult> = {}): RunResult {
  const result = sampleResult();
  const [server] = result.processes;
  return { ...result, processes: [server!], ...changes };
}

const causesOf = (changes: Partial<RunResult>) => warningsOf(sampled(changes)).map(({ cause }) => cause);
const [connection] = sampleResult().connections;
const unequal = { writtenBytes: 500, readBytes: 497, residualBytes: 3 };
const check = { name: "CPU", value: 9, limit: 1, unit: "%", advice: "Profile.", passed: false };

describe("a run warns of", () => {
  it.each<[string, Partial<RunResult>, string]>([
    [
      "missed samples",
      { sampling: { intervalMs: 100, sampler: "none", ticksTaken: 90, ticksMissed: 10 } },
      "10 of 100 samples were missed (10 %)",
    ],
    [
      "a process that was never sampled",
      { processes: [{ ...sampleResult().processes[0]!, samples: [] }] },
      "server was never sampled, so its CPU and memory are unknown",
    ],
    [
      "a program that had to be killed",
      {
        events: [
          {
            timeMs: 1,
            processId: "server",
            name: "signal",
            label: "SIGKILL",
            text: "did not end within 2000 ms of SIGTERM, and was killed",
          },
        ],
      },
      "server did not end within 2000 ms of SIGTERM, and was killed",
    ],
    [
      "ends with different counts",
      { connections: [{ ...connection!, dialerToAcceptor: unequal }] },
      "both ends of 1 connection differ by 3 bytes",
    ],
    [
      "a capture that failed",
      { capture: { packets: 0, packetsDropped: 0, problem: "tshark is not installed" } },
      "there is no capture to compare with: tshark is not installed",
    ],
    [
      "lost packets",
      { capture: { packets: 10, packetsDropped: 2, problem: null } },
      "the capture lost 2 packets",
    ],
    [
      "messages that were not kept",
      { connections: [{ ...connection!, conversation: { messages: [], droppedCount: 1 } }] },
      "1 message was counted but not kept",
    ],
    [
      "limits that only warn",
      { checks: [{ ...check, isTiming: true, isOnlyTold: true }] },
      "1 time limit was missed: CPU",
    ],
    [
      "limits that are not enforced because of an instrument",
      { instruments: ["Clinic Doctor"] },
      "limits of CPU and latency were not enforced, because Clinic Doctor slowed the programs",
    ],
    [
      "processes that may have left their program",
      { sampling: { ...sampleResult().sampling, membership: "process-tree" } },
      "the CPU and memory of daemons and of children that lost their parent may be missing",
    ],
    ["leaks", { leaks: ["2 × active Timeout"] }, "after the run fiel still held 2 × active Timeout"],
    ["warnings from measuring", { warnings: [{ cause: "ss lost events", remedy: "" }] }, "ss lost events"],
  ])("%s", (_, changes, cause) => {
    expect(causesOf(changes)).toEqual([cause]);
  });
});

it("a run without problems has no warnings, and neither has one missed sample", () => {
  const sampling = { intervalMs: 100, sampler: "none", ticksTaken: 199, ticksMissed: 1 };
  expect(causesOf({ sampling })).toEqual([]);
});

it("bytes that were lost by a reset are no warning", () => {
  expect(causesOf({ connections: [{ ...connection!, end: "reset", dialerToAcceptor: unequal }] })).toEqual(
    [],
  );
});

it("asking again for the warnings of a result adds none", () => {
  const result = sampled({ leaks: ["a file"], instruments: ["a profiler"] });
  const warnings = warningsOf(result);
  expect(warningsOf({ ...result, warnings })).toEqual(warnings);
});
