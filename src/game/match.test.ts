import { describe, expect, test } from "vitest";
import { freeSquares } from "./board.ts";
import { type Action, act, actorOf, type MatchState, newMatch, standingAction } from "./match.ts";

const play = (square: string): Action => ({
  kind: "play",
  row: Number(square[0]),
  column: Number(square[1]),
});
const endX: Action = { kind: "end", symbol: "X" };
const endO: Action = { kind: "end", symbol: "O" };

/** The match after moves such as "11 22 13", each by whose turn it is. */
function played(moves: string): MatchState {
  return moves
    .split(" ")
    .filter(Boolean)
    .reduce((state, square) => {
      const acted = act(state, state.turn, play(square));
      if (!acted.ok) throw new Error(`${square}: ${acted.code}`);
      return acted.state;
    }, newMatch);
}

describe("the course of a match", () => {
  test("X moves first, then the players take turns", () => {
    expect(newMatch.turn).toBe("X");
    expect(played("22").turn).toBe("O");
    expect(played("22 11").turn).toBe("X");
  });

  test.each([
    ["X wins with a row", "11 21 12 22 13", "X"],
    ["O wins with a column", "11 12 21 22 33 32", "O"],
    ["X wins with the diagonal", "11 12 22 13 33", "X"],
    ["O wins with the anti-diagonal", "11 13 12 22 33 31", "O"],
    ["the board is full without a line", "11 12 13 22 21 23 32 31 33", null],
  ])("%s", (_, moves, winner) => {
    expect(played(moves).end).toEqual({ winner, gaveUp: false });
  });

  test("a line made by the move that fills the board wins", () => {
    const state = played("11 12 13 21 22 23 32 31 33");
    expect(state.actionCount).toBe(9);
    expect(state.end).toEqual({ winner: "X", gaveUp: false });
  });

  test("the match goes on until there is a line or a full board", () => {
    expect(played("11 12 13 22 21 23 32 31").end).toBeNull();
  });

  test("the 255,168 possible games have the known outcomes: X wins 131,184, O wins 77,904, 46,080 are drawn", () => {
    const ends = { X: 0, O: 0, draw: 0 };
    const walk = (state: MatchState): void => {
      if (state.end) ends[state.end.winner ?? "draw"]++;
      else
        for (const square of freeSquares(state.board)) {
          const acted = act(state, state.turn, { kind: "play", ...square });
          if (acted.ok) walk(acted.state);
        }
    };
    walk(newMatch);
    expect(ends).toEqual({ X: 131_184, O: 77_904, draw: 46_080 });
  });

  test.each(["", "11", "11 22", "11 12 22 13"])("after '%s' both players may give up", (moves) => {
    expect(act(played(moves), "X", endX)).toMatchObject({
      ok: true,
      state: { end: { winner: "O", gaveUp: true } },
    });
    expect(act(played(moves), "O", endO)).toMatchObject({
      ok: true,
      state: { end: { winner: "X", gaveUp: true } },
    });
  });
});

describe("illegal actions and the order of their codes", () => {
  const won = "11 21 12 22 13";
  test.each([
    ["a row that does not exist", "11", "O", play("41"), "BAD_ARGUMENTS"],
    ["a column that does not exist", "11", "O", play("10"), "BAD_ARGUMENTS"],
    ["no square, after the end", won, "O", play("44"), "BAD_ARGUMENTS"],
    ["a move after the end", won, "O", play("33"), "MATCH_OVER"],
    ["a move after the end, out of turn, on a taken square", won, "X", play("11"), "MATCH_OVER"],
    ["giving up after the end", won, "X", endX, "MATCH_OVER"],
    ["O before X", "", "O", play("22"), "NOT_YOUR_TURN"],
    ["X twice", "11", "X", play("22"), "NOT_YOUR_TURN"],
    ["out of turn on a taken square", "11", "X", play("11"), "NOT_YOUR_TURN"],
    ["giving up for the other", "11", "O", endX, "NOT_YOUR_TURN"],
    ["a square of the opponent", "11", "O", play("11"), "SQUARE_TAKEN"],
    ["a square of one's own", "11 12", "X", play("11"), "SQUARE_TAKEN"],
  ] as const)("%s", (_, moves, by, action, code) => {
    const state = played(moves);
    const before = structuredClone(state);
    expect(act(state, by, action)).toEqual({ ok: false, code });
    expect(state).toEqual(before);
  });
});

describe("actions that cross", () => {
  const oneFromWinning = "11 21 12 22";
  const oneFromDraw = "11 12 13 22 21 23 32 31";
  test.each([
    ["an end beats a move", "11", play("22"), endX, endX],
    ["an end beats a move, whichever is named first", "11", endX, play("22"), endX],
    ["a move that wins stands against an end", oneFromWinning, play("13"), endO, play("13")],
    ["a move that fills the board stands against an end", oneFromDraw, endO, play("33"), play("33")],
    ["a move that does not finish falls even where another would", oneFromWinning, play("33"), endO, endO],
    ["of two ends X's stands", "11", endO, endX, endX],
    ["of two ends X's stands, whichever is named first", "", endX, endO, endX],
    ["two moves do not cross", "11", play("22"), play("33"), null],
  ])("%s", (_, moves, one, other, standing) => {
    expect(standingAction(played(moves), one, other)).toEqual(standing);
  });
});

test("the player whose turn it is makes a move, and an end names its player", () => {
  expect(actorOf(played("11"), play("22"))).toBe("O");
  expect(actorOf(played("11"), endX)).toBe("X");
});
