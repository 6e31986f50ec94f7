import { describe, expect, it } from "vitest";
import { sampleResult } from "../result/result.fixture.ts";
import type { RunResult } from "../result/result.ts";
import {
  bytesPerSecondBelow,
  cpuBelow,
  exactBytes,
  exactPayload,
  exactPayloadEach,
  idleBytesPerSecondBelow,
  latencyBelow,
} from "./budgets.ts";

/** One connection with 1,500 and 500 bytes, all at 100 ms, in the phase "early". */
function run(): RunResult {
  const result = sampleResult();
  return { ...result, connections: [{ ...result.connections[0]!, dialerSocketId: null }] };
}

function withCpu(...percents: number[]): RunResult {
  const result = run();
  const samples = percents.map((cpuPercent, index) => ({
    timeMs: 200 + index,
    cpuPercent,
    rssBytes: 1,
    processCount: 1,
  }));
  return { ...result, processes: [{ ...result.processes[0]!, samples }] };
}

const event = (name: string, timeMs: number, processId = "a") => ({
  name,
  timeMs,
  processId,
  label: "",
  text: "",
});

describe("budgets", () => {
  it.each([
    ["the bytes of a flow", exactBytes("control", 2_000), true, 2_000],
    ["one byte more than allowed", exactBytes("control", 1_999), false, 2_000],
    ["one byte less than allowed", exactBytes("control", 2_001), false, 2_000],
    ["one of several allowed amounts", exactBytes("control", 7, 2_000), true, 2_000],
    ["a flow that carried nothing", exactBytes("nothing", 0), true, 0],
    ["bytes per second in a phase", bytesPerSecondBelow(13_334, "early"), true, 13_333.33],
    ["bytes per second of one flow", bytesPerSecondBelow(13_000, "early", "control"), false, 13_333.33],
    ["bytes per second of another flow", bytesPerSecondBelow(1, "early", "moves"), true, 0],
    ["a phase without bytes", bytesPerSecondBelow(1, "late"), true, 0],
    ["a phase that does not exist", idleBytesPerSecondBelow(1), false, 0],
  ])("judge %s", (_, check, passed, value) => {
    expect(check(run())).toMatchObject({ passed, value });
  });

  it.each([
    ["all messages of a type", exactPayload("move", 30), true, 30],
    ["all messages of one flow", exactPayload("move", 10, "control"), true, 10],
    ["one byte too many", exactPayload("move", 29), false, 30],
    ["each message of a type", exactPayloadEach("move", 10), true, 10],
    ["messages of different lengths", exactPayloadEach("ping", 7), false, 7.5],
    ["a message that nobody sent", exactPayload("begin", 5), false, "no such message"],
    ["each message of a type that nobody sent", exactPayloadEach("begin", 5), true, "no such message"],
  ])("judge the payload of %s", (_, check, passed, value) => {
    const [socket] = run().sockets;
    const written = (type: string, count: number, bytes: number) => ({ type, count, bytes });
    const sockets = [
      { ...socket!, messages: { written: [written("move", 1, 10), written("ping", 2, 15)], read: [] } },
      {
        ...socket!,
        flow: "other",
        messages: { written: [written("move", 2, 20)], read: [written("move", 1, 10)] },
      },
    ];
    expect(check({ ...run(), sockets })).toMatchObject({ passed, value });
  });

  it("fail on evidence, not on one busy moment", () => {
    const calm = withCpu(1, 1, 1, 90, 1, 1, 1, 1);
    expect(cpuBelow("server", 5)(calm)).toMatchObject({ passed: true, value: "1 (1 to 90)" });
    const busy = withCpu(6, 7, 8, 9, 7, 8, 7, 6);
    expect(cpuBelow("server", 5, "late")(busy)).toMatchObject({ passed: false, value: "7 (6 to 9)" });
    const unclear = withCpu(4, 7, 8, 9, 7, 8);
    expect(cpuBelow("server", 5)(unclear).passed).toBe(true);
  });

  it("do not judge CPU and latency if an instrument slowed the programs", () => {
    const busy = { ...withCpu(6, 7, 8, 9, 7, 8, 7, 6), instruments: ["doctor"] };
    expect(cpuBelow("server", 5)(busy)).toMatchObject({ passed: true, limit: "5, without doctor" });
  });

  it("fail if nothing was measured", () => {
    expect(cpuBelow("server", 5, "never")(withCpu(1))).toMatchObject({ passed: false });
    expect(latencyBelow("send", "move", 5)(run())).toMatchObject({ value: "nothing was measured" });
  });

  it("measure from each event to the next of the other kind by the same process", () => {
    const events = [event("send", 10), event("send", 11, "b"), event("move", 14), event("move", 19, "b")];
    const result = { ...run(), events: [...events, event("move", 30)] };
    expect(latencyBelow("send", "move", 5)(result)).toMatchObject({ passed: true, value: "6 (4 to 8)" });
    expect(latencyBelow("send", "move", 4)(result)).toMatchObject({ passed: false });
  });
});
