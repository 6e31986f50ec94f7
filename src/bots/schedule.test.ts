import { describe, expect, it } from "vitest";
import { emptyBoard, isFull, place, winner } from "../game/board.ts";
import { userName } from "../protocol/fields.ts";
import { planCrowd, planLooks } from "./schedule.ts";

const options = { seed: 7, clients: 21, matches: 200, rampPerSecond: 50 };
const { members, matches } = planCrowd(options);

describe("a planned crowd", () => {
  it("is the same for the same seed, and a different one for another seed", () => {
    expect(planCrowd(options)).toEqual({ members, matches });
    const other = planCrowd({ ...options, seed: 8 });
    expect(other.members[0]?.name).not.toBe(members[0]?.name);
    expect(other.members[0]?.password).not.toBe(members[0]?.password);
    expect(other.matches.map(({ moves }) => moves)).not.toEqual(matches.map(({ moves }) => moves));
    expect(other.matches.map(({ x }) => x)).not.toEqual(matches.map(({ x }) => x));
  });

  it("plays the same first matches when more are asked for", () => {
    expect(planCrowd({ ...options, matches: 50 }).matches).toEqual(matches.slice(0, 50));
  });

  it("has names that the protocol allows, each once, for every seed and size", () => {
    expect(new Set(members.map(({ name }) => name)).size).toBe(21);
    const [first] = planCrowd({ ...options, seed: 4_294_967_295, clients: 10_000, matches: 0 }).members;
    expect(userName.read(first?.name ?? "")).toBe("bot-4294967295-00001");
  });

  it("arrives at an even pace from the start", () => {
    expect(members.slice(0, 3).map(({ comesAtMs }) => comesAtMs)).toEqual([0, 20, 40]);
  });

  it("numbers its matches, and pairs nobody with themselves", () => {
    expect(matches.map(({ number }) => number)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(matches.filter(({ x, o }) => x === o)).toEqual([]);
  });

  it("gives everybody one match in a round, except one player of an odd number", () => {
    const players = matches.slice(0, 10).flatMap(({ x, o }) => [x, o]);
    expect(new Set(players).size).toBe(20);
  });

  it("keeps the roles of two players who meet again", () => {
    const pairs = new Set(matches.map(({ x, o }) => `${x} ${o}`));
    expect(matches.length).toBeGreaterThan(pairs.size);
    expect(matches.filter(({ x, o }) => pairs.has(`${o} ${x}`))).toEqual([]);
  });

  it("plans only legal moves, up to the end of the match", () => {
    for (const match of matches) {
      let board = emptyBoard;
      match.moves.forEach((square, index) => {
        expect(board[(square.row - 1) * 3 + square.column - 1]).toBeNull();
        expect(winner(board)).toBeNull();
        board = place(board, square, index % 2 === 0 ? "X" : "O");
      });
      expect(winner(board)).toBe(match.winner);
      expect(match.winner !== null || isFull(board)).toBe(true);
    }
  });

  it("contains wins of both sides and draws", () => {
    expect(new Set(matches.map((match) => match.winner))).toEqual(new Set(["X", "O", null]));
  });

  it("of one client has no matches", () => {
    expect(planCrowd({ ...options, clients: 1, matches: 0 }).matches).toEqual([]);
  });
});

describe("planned requests for lists", () => {
  const first = (name: string) => {
    const looks = planLooks(7, name, 1_000);
    return Array.from({ length: 400 }, () => looks.next().value);
  };

  it("differ between clients, and are the same for the same seed", () => {
    expect(first("one")).toEqual(first("one"));
    expect(first("one")).not.toEqual(first("other"));
  });

  it("pause between half and one and a half of the mean, and ask for users and for leaders", () => {
    const looks = first("one");
    const pauses = looks.map(({ afterMs }) => afterMs);
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...pauses)).toBeLessThan(1_500);
    expect(pauses.reduce((sum, each) => sum + each) / pauses.length).toBeCloseTo(1_000, -2);
    expect(new Set(looks.map(({ command }) => command))).toEqual(new Set(["list", "leaders"]));
  });
});
