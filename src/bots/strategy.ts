// The bot's strategy: it never loses and varies its moves. Pure.
import {
  type Board,
  freeSquares,
  isFull,
  otherSymbol,
  type PlayerSymbol,
  place,
  type Square,
  winner,
} from "../game/board.ts";

/**
 * A best move for `symbol`, whose turn it is. Among the best, the one that leaves the opponent most ways to go
 * wrong; `fraction`, from 0 up to 1, chooses among those.
 */
export function chooseSquare(board: Board, symbol: PlayerSymbol, fraction: number): Square | null {
  const rated = freeSquares(board).map((square) => {
    const after = place(board, square, symbol);
    return { square, worth: worthOf(after, symbol), traps: trapsIn(after, symbol) };
  });
  rated.sort((one, other) => other.worth - one.worth || other.traps - one.traps);
  const best = rated.filter(({ worth, traps }) => worth === rated[0]?.worth && traps === rated[0].traps);
  return best[Math.floor(fraction * best.length)]?.square ?? null;
}

/** Values computed before; the game has at most 5,478 boards. */
const knownWorths = new Map<string, number>();

/** What a board that `symbol` has just moved on is worth to it: more the sooner it wins, less the sooner it loses. */
function worthOf(board: Board, symbol: PlayerSymbol): number {
  const key = board.map((each) => each ?? " ").join("") + symbol;
  const known = knownWorths.get(key);
  if (known !== undefined) return known;
  const worth = workOutWorth(board, symbol);
  knownWorths.set(key, worth);
  return worth;
}

function workOutWorth(board: Board, symbol: PlayerSymbol): number {
  const free = freeSquares(board);
  if (winner(board)) return 1 + free.length;
  if (isFull(board)) return 0;
  const opponent = otherSymbol(symbol);
  return -Math.max(...free.map((square) => worthOf(place(board, square, opponent), opponent)));
}

/** Answers of the opponent after which `symbol` wins. */
function trapsIn(board: Board, symbol: PlayerSymbol): number {
  if (winner(board) || isFull(board)) return 0;
  const opponent = otherSymbol(symbol);
  const answers = freeSquares(board).map((square) => place(board, square, opponent));
  return answers.filter((answer) => worthOf(answer, opponent) < 0).length;
}
