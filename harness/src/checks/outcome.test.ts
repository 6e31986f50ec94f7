import { describe, expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import type { Check } from "../scenario/scenario.ts";
import {
  connectionsMade,
  eventAfterOutage,
  eventHappened,
  exitedCleanly,
  judge,
  neverShows,
  noResiduals,
  proxiesAgree,
  rssBelowMb,
  timing,
} from "./outcome.ts";

describe("a check that is broken", () => {
  const broken = [
    () => {
      throw new TypeError("my check is broken");
    },
    function tooSlow() {
      return Promise.resolve();
    },
    () => ({ name: "x", passed: true, value: Number.NaN, limit: 1, unit: "", advice: "" }),
  ] as unknown as Check[];

  it("fails the run, is named with its location, and hides no other check", () => {
    const { status, checks } = judge(sampleResult(), [...broken, exitedCleanly("server")]);
    expect(status).toBe("failed");
    expect(checks).toMatchObject([
      {
        name: "check 1",
        passed: false,
        value: "it threw an error",
        advice: expect.stringMatching(/^TypeError: my check is broken, at .*outcome\.test\.ts:\d+$/),
      },
      { name: "check 2, tooSlow", passed: false, value: "a promise, and checks are not asynchronous" },
      { name: "check 3", passed: false, value: "no verdict", advice: expect.stringContaining("value: ") },
      { name: "exit code of server", passed: true },
    ]);
  });
});

describe("checks", () => {
  it.each([
    ["a clean exit", exitedCleanly("server"), true, 0],
    ["an exit by a signal", exitedCleanly("killed"), false, "SIGKILL"],
    ["a process that never started", exitedCleanly("ghost"), false, "never started"],
    ["an event that happened as often as expected", eventHappened("login", 2), true, 2],
    ["an event that happened too often", eventHappened("login", 1), false, 2],
    ["an event of one process", eventHappened("login", 1, "killed"), true, 1],
    ["as many connections as expected", connectionsMade("control", 2), true, 2],
    ["too few connections", connectionsMade("control", 3), false, 2],
    ["memory below its limit", rssBelowMb("server", 81), true, 80],
    ["memory at its limit", rssBelowMb("server", 80), false, 80],
    ["memory that was never sampled", rssBelowMb("killed", 80), false, 0],
  ])("judge %s", (_, check, passed, value) => {
    expect(check(sampleResult())).toMatchObject({ passed, value });
  });

  it("accept the signal that the scenario itself sent, in any life of the process", () => {
    const result = sampleResult();
    const killed = { ...result.processes[1]!, signalSent: "SIGKILL" };
    result.processes[1] = killed;
    expect(exitedCleanly("killed")(result)).toMatchObject({ passed: true, value: "SIGKILL" });
    result.processes[1] = { ...killed, signal: null, exitCode: 0, earlierLives: [killed] };
    expect(exitedCleanly("killed")(result)).toMatchObject({ passed: true, value: "SIGKILL, exit 0" });
    result.processes[1].exitCode = 1;
    expect(exitedCleanly("killed")(result)).toMatchObject({ passed: false, value: "SIGKILL, exit 1" });
  });

  it("find bytes that only one end counted, except on connections that were reset", () => {
    const result = sampleResult();
    expect(noResiduals()(result)).toMatchObject({ passed: true, value: 0 });
    result.connections[0]!.acceptorToDialer.residualBytes = -3;
    expect(noResiduals()(result)).toMatchObject({ passed: false, value: 3 });
    result.connections[0]!.end = "reset";
    expect(noResiduals()(result)).toMatchObject({ passed: true, value: 0 });
  });

  it("measure the time from an outage to an event", () => {
    const result = { ...sampleResult(), outages: [{ label: "away", startMs: 250, endMs: 290 }] };
    const soon = eventAfterOutage("login", "server", { of: "start", withinMs: 60 });
    expect(soon(result)).toMatchObject({ passed: true, value: 50 });
    const sooner = eventAfterOutage("login", "server", { of: "end", withinMs: 9 });
    expect(sooner(result)).toMatchObject({ passed: false, value: 10, isTiming: true });
    expect(soon({ ...result, events: [] })).toMatchObject({ passed: false, value: "never", isTiming: false });
    expect(soon(sampleResult())).toMatchObject({ passed: false, value: "never" });
  });

  it("compare the counts of a fault proxy with those of the probes", () => {
    const result = sampleResult();
    expect(proxiesAgree()(result)).toMatchObject({ passed: false, value: "no such connection" });
    const counts = (bytes: number) => ({ receivedBytes: bytes, sentBytes: bytes });
    const proxy = { id: "wire", dialerToAcceptor: counts(500), acceptorToDialer: counts(1_500) };
    result.connections[0]!.proxy = proxy;
    expect(proxiesAgree()(result)).toMatchObject({ passed: true, value: 0 });
    proxy.acceptorToDialer.sentBytes -= 4;
    expect(proxiesAgree()(result)).toMatchObject({ passed: false, value: 4 });
  });

  it("find text that must not appear anywhere in the report", () => {
    const result = sampleResult();
    result.events[0]!.text = "open sesame";
    expect(neverShows("passwords", /sesame/)(result)).toMatchObject({ passed: false, value: 1 });
    expect(neverShows("passwords", /mellon/)(result)).toMatchObject({ passed: true, value: 0 });
  });

  it("fail the run if one of them fails", () => {
    const judged = judge(sampleResult(), [eventHappened("login", 2), eventHappened("login", 5)]);
    expect(judged.status).toBe("failed");
    expect(judged.checks.map(({ passed }) => passed)).toEqual([true, false]);
    expect(judge(sampleResult(), [eventHappened("login", 2)]).status).toBe("passed");
  });
});

it("A missed time limit fails the run unless timings only warn; any other missed limit always fails it", () => {
  const missed: Check = () => ({
    name: "a",
    passed: false,
    value: 2,
    limit: 1,
    unit: "ms",
    advice: "Profile.",
  });
  expect(judge(sampleResult(), [timing(missed)]).status).toBe("failed");
  const warned = judge(sampleResult(), [timing(missed)], "warn");
  expect(warned).toMatchObject({
    status: "passed",
    checks: [{ passed: false, isTiming: true, isOnlyTold: true }],
  });
  expect(judge(sampleResult(), [missed], "warn").status).toBe("failed");
});
