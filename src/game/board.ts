// The 3 × 3 board: squares, lines, who has won. Knows nothing of turns, players or messages.

export type PlayerSymbol = "X" | "O";

/** Row and column from 1 to 3, counted from the top left. */
export interface Square {
  readonly row: number;
  readonly column: number;
}

/** Nine squares, row by row; null is free. */
export type Board = readonly (PlayerSymbol | null)[];

export const emptyBoard: Board = Array(9).fill(null);

const lines = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const;

export function isSquare({ row, column }: Square): boolean {
  return [row, column].every((number) => Number.isInteger(number) && number >= 1 && number <= 3);
}

const indexOf = ({ row, column }: Square): number => (row - 1) * 3 + (column - 1);

export function at(board: Board, square: Square): PlayerSymbol | null {
  return board[indexOf(square)] ?? null;
}

/** The board after `symbol` is put on `square`, which must be free. */
export function place(board: Board, square: Square, symbol: PlayerSymbol): Board {
  return board.with(indexOf(square), symbol);
}

/** Who has three in a line, or null. */
export function winner(board: Board): PlayerSymbol | null {
  for (const [first, second, third] of lines) {
    const symbol = board[first];
    if (symbol && symbol === board[second] && symbol === board[third]) return symbol;
  }
  return null;
}

export function isFull(board: Board): boolean {
  return board.every((symbol) => symbol !== null);
}

export function freeSquares(board: Board): Square[] {
  return board.flatMap((symbol, index) =>
    symbol === null ? [{ row: Math.floor(index / 3) + 1, column: (index % 3) + 1 }] : [],
  );
}

export function otherSymbol(symbol: PlayerSymbol): PlayerSymbol {
  return symbol === "X" ? "O" : "X";
}
