import { describe, expect, it } from "vitest";
import type { Outcome } from "../protocol/fields.ts";
import type { CrowdOptions, CrowdState } from "./crowd.ts";
import type { MatchUnderWay } from "./player.ts";
import { progressLine } from "./progress.ts";
import { reportOf, tableOf } from "./report.ts";
import { type PlannedMatch, planCrowd } from "./schedule.ts";
import { Tally } from "./tally.ts";

const options: CrowdOptions = {
  server: { host: "127.0.0.1", port: 3000 },
  seed: 1,
  clients: 2,
  matches: 1,
  rampPerSecond: 100,
  meanLookPauseMs: null,
  thinkMs: 0,
  limitMs: null,
};
const cost = { durationMs: 1_000, cpuMs: 250 };
const moves = [
  [1, 1],
  [2, 1],
  [1, 2],
  [2, 2],
  [1, 3],
].map(([row = 0, column = 0]) => ({ row, column }));
const plan: PlannedMatch = { number: 1, x: 0, o: 1, moves, winner: "X" };

function afterMatch(x: [Outcome, number] | null, o: [Outcome, number] | null): CrowdState {
  const result = (given: [Outcome, number]) => ({ outcome: given[0], points: given[1] });
  const match: MatchUnderWay = {
    plan,
    names: { X: "ana", O: "rui" },
    dueMs: 0,
    moveDueMs: 0,
    isRematchNext: false,
    results: { ...(x ? { X: result(x) } : {}), ...(o ? { O: result(o) } : {}) },
  };
  return {
    schedule: planCrowd(options),
    tally: new Tally(),
    connectedCount: 2,
    loggedInCount: 2,
    goneCount: 0,
    enteringMs: 500,
    closed: [match],
  };
}

const right = () => afterMatch(["WIN", 2], ["LOST", 0]);

describe("a run", () => {
  it("when both players got the result that their moves imply", () => {
    expect(reportOf(options, right(), cost)).toMatchObject({
      loginsPerSecond: 4,
      matches: { asked: 1, done: 1, xWins: 1, oWins: 0, draws: 0, void: 0, wrong: 0 },
      matchesPerSecond: 1,
      ownLoad: 0.25,
      isComplete: true,
      played: [{ number: 1, x: "ana", o: "rui", moves: "11 21 12 22 13", outcome: "X" }],
    });
  });

  it.each<[string, CrowdState]>([
    ["the server gave the win to the other", afterMatch(["LOST", 0], ["WIN", 2])],
    ["it gave the winner other points", afterMatch(["WIN", 1], ["LOST", 0])],
    ["it gave the loser points", afterMatch(["WIN", 2], ["LOST", 1])],
    ["it told the two different things", afterMatch(["WIN", 2], ["WIN", 2])],
    ["it took a won match for a draw", afterMatch(["DRAW", 1], ["DRAW", 1])],
    ["it voided the match", afterMatch(["VOID", 0], ["VOID", 0])],
  ])("is not complete when %s", (_, state) => {
    expect(reportOf(options, state, cost)).toMatchObject({
      matches: { done: 1, wrong: 1 },
      isComplete: false,
    });
  });

  it.each<[string, CrowdState]>([
    ["a match was given up", afterMatch(null, null)],
    ["a player never heard of the result", afterMatch(["WIN", 2], null)],
    ["a client did not get in", { ...right(), loggedInCount: 1 }],
    ["a client had to stop", { ...right(), goneCount: 1 }],
  ])("is not complete either when %s", (_, state) => {
    expect(reportOf(options, state, cost).isComplete).toBe(false);
  });
});

describe("the report's table", () => {
  it("lists errors by code and latencies by command, in columns", () => {
    const state = right();
    state.tally.hear({ kind: "server-refused", request: "login", code: "TRY_LATER", seconds: 1, text: "" });
    state.tally.hear({ kind: "server-refused", request: "login", code: "TRY_LATER", seconds: 1, text: "" });
    state.tally.hear({ kind: "server-refused", request: "adduser", code: "USER_EXISTS", text: "" });
    state.tally.hear({ kind: "peer-lost", opponent: "rui" });
    state.tally.latencies.add("login", 1_234.5);
    state.tally.latencies.add("first move", 2);
    const table = tableOf(reportOf(options, state, cost));
    expect(table).toContain(["errors", "login TRY_LATER  2", "peer-lost        1"].join("\n"));
    expect(table).toContain(
      [
        "latency (ms)  count      p50      p99      max",
        "login             1  1234.50  1234.50  1234.50",
        "first move        1     2.00     2.00     2.00",
      ].join("\n"),
    );
  });

  it("says that there were no errors", () => {
    expect(tableOf(reportOf(options, right(), cost))).toContain("\n\nNo errors\n\n");
  });
});

it("the progress line reports how far the run is", () => {
  expect(progressLine(right())).toBe("2 connected, 2 of 2 logged in, 1 of 1 matches, 0 errors");
});
