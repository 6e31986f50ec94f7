// Boards and tables as text.
import stringWidth from "string-width";
import { at, type Board, type PlayerSymbol, type Square } from "../../game/board.ts";
import { isSameUser } from "../../game/user-name.ts";
import type { Presence, Score } from "../../protocol/fields.ts";
import type { Texts } from "../texts/texts.ts";
import type { Style } from "./style.ts";

const sides = [1, 2, 3];
/** The width of the whole board. */
const BOARD_COLUMNS = 16;
const RULE = "-----";
const NARROWEST_NAME = 11;

/** The board with its coordinates; the last move stands in brackets, unless the terminal is too narrow for them. */
export function drawBoard(
  board: Board,
  last: Square | null,
  style: Style,
  columns = Number.POSITIVE_INFINITY,
): string {
  if (columns < BOARD_COLUMNS) return drawNarrowBoard(board, style);
  const [bar, rule] = style.isPlain ? ["|", "---+---+---"] : ["│", "───┼───┼───"];
  const header = style.dim(`      ${sides.join("   ")}`);
  const rows = sides.map((row) => {
    const squares = sides.map((column) => drawSquare(board, { row, column }, last, style));
    return `  ${style.dim(String(row))}  ${squares.join(style.dim(bar))}`.trimEnd();
  });
  return [header, rows.join(`\n     ${style.dim(rule)}\n`)].join("\n");
}

function drawNarrowBoard(board: Board, style: Style): string {
  const [bar, rule] = style.isPlain ? ["|", "-+-+-"] : ["│", "─┼─┼─"];
  const rows = sides.map((row) => {
    const squares = sides.map((column) => {
      const symbol = at(board, { row, column });
      return symbol ? colouredSymbol(symbol, style) : " ";
    });
    return `${style.dim(String(row))} ${squares.join(style.dim(bar))}`.trimEnd();
  });
  return [style.dim(`  ${sides.join(" ")}`), rows.join(`\n  ${style.dim(rule)}\n`)].join("\n");
}

function drawSquare(board: Board, square: Square, last: Square | null, style: Style): string {
  const symbol = at(board, square);
  if (!symbol) return "   ";
  const isLast = last?.row === square.row && last.column === square.column;
  const drawn = colouredSymbol(symbol, style);
  return isLast ? `${style.dim("[")}${drawn}${style.dim("]")}` : ` ${drawn} `;
}

function colouredSymbol(symbol: PlayerSymbol, style: Style): string {
  return symbol === "X" ? style.x(symbol) : style.o(symbol);
}

export function drawUsers(users: Presence[], self: string | null, texts: Texts, style: Style): string {
  const width = nameWidth(users);
  const rows = users.map(({ user, isPlaying }) => {
    const status = isPlaying ? style.accent(texts.playing) : style.good(texts.free);
    return `${drawName(user, self, width, style)}   ${status}${self && isSameUser(user, self) ? ` (${texts.you})` : ""}`;
  });
  return framed(texts.usersTitle, rows, style);
}

export function drawLeaders(scores: Score[], self: string | null, texts: Texts, style: Style): string {
  const width = nameWidth(scores);
  const rows = scores.map(
    ({ user, points }) =>
      `${drawName(user, self, width, style)}   ${style.dim("|")} ${String(points).padEnd(3)} ${style.dim("|")}`,
  );
  return framed(`      ${texts.leadersTitle}`, rows, style);
}

function framed(title: string, rows: string[], style: Style): string {
  const rule = style.dim(RULE);
  const head = [rule, style.bold(title), rule];
  return (rows.length > 0 ? [...head, ...rows, rule] : head).join("\n");
}

function nameWidth(rows: { user: string }[]): number {
  return rows.reduce((width, { user }) => Math.max(width, stringWidth(user) + 2), NARROWEST_NAME);
}

function drawName(user: string, self: string | null, width: number, style: Style): string {
  const padding = " ".repeat(width - stringWidth(user));
  return `${padding}${self && isSameUser(user, self) ? style.bold(user) : user}`;
}
