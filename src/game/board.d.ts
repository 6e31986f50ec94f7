export type PlayerSymbol = "X" | "O";
/** Row and column from 1 to 3, counted from the top left. */
export interface Square {
    readonly row: number;
    readonly column: number;
}
/** Nine squares, row by row; null is free. */
export type Board = readonly (PlayerSymbol | null)[];
export declare const emptyBoard: Board;
export declare function isSquare({ row, column }: Square): boolean;
export declare function at(board: Board, square: Square): PlayerSymbol | null;
/** The board after `symbol` is put on `square`, which must be free. */
export declare function place(board: Board, square: Square, symbol: PlayerSymbol): Board;
/** Who has three in a line, or null. */
export declare function winner(board: Board): PlayerSymbol | null;
export declare function isFull(board: Board): boolean;
export declare function freeSquares(board: Board): Square[];
export declare function otherSymbol(symbol: PlayerSymbol): PlayerSymbol;
