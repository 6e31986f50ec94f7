import { describe, expect, it } from "vitest";
import { type Board, emptyBoard, freeSquares, isFull, place, winner } from "../game/board.ts";
import { chooseSquare } from "./strategy.ts";

function board(text: string): Board {
  return [...text.replaceAll("/", "")].map((symbol) => (symbol === "X" || symbol === "O" ? symbol : null));
}

describe("a bot", () => {
  it.each([
    ["wins when it can", "XX-/OO-/---", "X", { row: 1, column: 3 }],
    ["wins rather than blocks", "OO-/XX-/---", "X", { row: 2, column: 3 }],
    ["blocks when it must", "XX-/O--/---", "O", { row: 1, column: 3 }],
    ["blocks the anti-diagonal", "O-X/-X-/---", "O", { row: 3, column: 1 }],
    ["answers a corner in the centre", "X--/---/---", "O", { row: 2, column: 2 }],
    ["takes the last square", "XOX/XOO/OX-", "X", { row: 3, column: 3 }],
  ] as const)("%s", (_title, text, symbol, square) => {
    expect(chooseSquare(board(text), symbol, 0.5)).toEqual(square);
  });

  it("answers a move to the centre with a corner", () => {
    for (const fraction of [0, 0.3, 0.6, 0.99]) {
      const square = chooseSquare(board("---/-X-/---"), "O", fraction);
      expect([1, 3]).toContain(square?.row);
      expect([1, 3]).toContain(square?.column);
    }
  });

  it("has no move on a full board", () => {
    expect(chooseSquare(board("XOX/XOO/OXX"), "O", 0)).toBeNull();
  });

  it.each(["X", "O"] as const)("never loses as %s, whatever the opponent plays", (bot) => {
    const outcomes = new Set<string | null>();
    const play = (current: Board, turn: "X" | "O"): void => {
      if (winner(current) || isFull(current)) {
        outcomes.add(winner(current));
        return;
      }
      const next = turn === "X" ? "O" : "X";
      if (turn !== bot) {
        for (const square of freeSquares(current)) play(place(current, square, turn), next);
        return;
      }
      for (const fraction of [0, 0.999]) {
        const square = chooseSquare(current, bot, fraction);
        if (square) play(place(current, square, bot), next);
      }
    };
    play(emptyBoard, "X");
    expect(outcomes).toEqual(new Set([bot, null]));
  });
});
