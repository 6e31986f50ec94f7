import { expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import { terminalSummary } from "./terminal-summary.ts";

it("A summary has a table, the verdicts, and paths relative to the current directory", () => {
  const result = sampleResult();
  const verdict = { value: 80, limit: 90, unit: "MB", advice: "Look at the heap." };
  result.checks = [
    { ...verdict, name: "memory", passed: true },
    { ...verdict, name: "more memory", passed: false },
  ];
  expect(terminalSummary(result, ["/project/reports/x/result.json"], "/project/docs")).toBe(`
sample passed after 1.0 s

process   CPU mean   CPU max   memory max   control
server        15 %      20 %      80.0 MB    2.0 kB
killed           –         –            –       0 B

✓ memory: 80 MB (limit 90)
✗ more memory: 80 MB (limit 90)
  Look at the heap.

warning: killed was never sampled, so its CPU and memory are unknown
  It ended before the first sample: sample more often with a smaller --interval.

../reports/x/result.json
`);
});

it("A summary says in one line what measuring cost", () => {
  const result = sampleResult();
  result.overhead = {
    harnessCpuPercent: 1.25,
    ticksMissed: 3,
    scheduleErrorMs: { p50: 0.4, p99: 1.26, max: 7 },
    clockResolutionMs: 0.0001,
  };
  expect(terminalSummary(result, [], "/")).toContain(
    "\nmeasuring took 1.3 % of a core with none; p99 of the schedule error 1.3 ms, 3 ticks missed\n",
  );
});

it("The summary of a failed run says what was expected and what the program printed last", () => {
  const result = sampleResult();
  result.status = "failed";
  result.failure = { message: "server did not print /x/", processId: "server", lastOutput: ["one", "two"] };
  expect(terminalSummary(result, [], "/")).toContain(`
sample failed after 1.0 s
  server did not print /x/
  server printed last:
    one
    two
`);
});
