import { expect, test } from "vitest";
import { at, type Board, emptyBoard, freeSquares, isFull, isSquare, place, winner } from "./board.ts";

/** Nine characters, row by row, `.` for a free square. */
const board = (drawing: string): Board =>
  [...drawing.replaceAll(/\s/g, "")].map((square) => (square === "X" || square === "O" ? square : null));

const lines = {
  "the top row": "### ... ...",
  "the middle row": "... ### ...",
  "the bottom row": "... ... ###",
  "the left column": "#.. #.. #..",
  "the middle column": ".#. .#. .#.",
  "the right column": "..# ..# ..#",
  "the diagonal": "#.. .#. ..#",
  "the anti-diagonal": "..# .#. #..",
};

for (const [name, drawing] of Object.entries(lines)) {
  test.each(["X", "O"] as const)(`${name} wins for %s`, (symbol) => {
    expect(winner(board(drawing.replaceAll("#", symbol)))).toBe(symbol);
  });

  test(`${name} with another symbol in it does not win`, () => {
    for (let index = 0; index < 3; index++) {
      let seen = 0;
      const mixed = drawing.replaceAll("#", () => (seen++ === index ? "O" : "X"));
      expect(winner(board(mixed))).toBeNull();
    }
  });
}

test("only the eight lines win, and no other three squares", () => {
  let winningTriples = 0;
  for (let first = 0; first < 9; first++)
    for (let second = first + 1; second < 9; second++)
      for (let third = second + 1; third < 9; third++) {
        const squares = emptyBoard.map((_, index) => ([first, second, third].includes(index) ? "X" : null));
        if (winner(squares)) winningTriples++;
      }
  expect(winningTriples).toBe(8);
});

test.each(["XOX XOO OXX", "XOX OOX XXO", "OXO OXX XOX"])("%s is full and nobody has won", (drawing) => {
  expect(winner(board(drawing))).toBeNull();
  expect(isFull(board(drawing))).toBe(true);
});

test("a board with a free square is not full", () => {
  expect(isFull(board("XOX XOO OX."))).toBe(false);
});

test("squares are row and column from the top left", () => {
  const marked = place(emptyBoard, { row: 1, column: 3 }, "X");
  expect(marked).toEqual(board("..X ... ..."));
  expect(at(marked, { row: 1, column: 3 })).toBe("X");
  expect(at(marked, { row: 3, column: 1 })).toBeNull();
});

test("placing leaves the board before it as it was", () => {
  place(emptyBoard, { row: 2, column: 2 }, "O");
  expect(emptyBoard).toEqual(Array(9).fill(null));
});

test.each([
  [0, 1],
  [1, 0],
  [4, 1],
  [1, 4],
  [1.5, 1],
  [Number.NaN, 2],
  [-1, 2],
])("row %d, column %d is not a square", (row, column) => {
  expect(isSquare({ row, column })).toBe(false);
});

test("an empty board has nine free squares, and each is one", () => {
  expect(freeSquares(emptyBoard)).toHaveLength(9);
  expect(freeSquares(emptyBoard).every(isSquare)).toBe(true);
  expect(freeSquares(board("XOX XOO .XX"))).toEqual([{ row: 3, column: 1 }]);
});
