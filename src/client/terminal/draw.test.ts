import { expect, it } from "vitest";
import { emptyBoard, place } from "../../game/board.ts";
import { en } from "../texts/en.ts";
import { ptBr } from "../texts/pt-BR.ts";
import { drawBoard, drawLeaders, drawUsers } from "./draw.ts";
import { plainStyle } from "./style.ts";

it("draws the board with its coordinates, the last move in brackets", () => {
  const board = place(place(emptyBoard, { row: 2, column: 2 }, "X"), { row: 1, column: 3 }, "O");
  expect(drawBoard(board, { row: 1, column: 3 }, plainStyle)).toBe(
    [
      "      1   2   3",
      "  1     |   |[O]",
      "     ---+---+---",
      "  2     | X |",
      "     ---+---+---",
      "  3     |   |",
    ].join("\n"),
  );
});

it("draws a small board, without brackets, where the terminal is too narrow for the whole one", () => {
  const board = place(place(emptyBoard, { row: 2, column: 2 }, "X"), { row: 1, column: 3 }, "O");
  const last = { row: 1, column: 3 };
  expect(drawBoard(board, last, plainStyle, 15)).toBe(
    ["  1 2 3", "1  | |O", "  -+-+-", "2  |X|", "  -+-+-", "3  | |"].join("\n"),
  );
  expect(drawBoard(board, last, plainStyle, 16)).toBe(drawBoard(board, last, plainStyle));
});

it("lists who is connected, as the seed does", () => {
  const users = [
    { user: "alan", isPlaying: true },
    { user: "beto", isPlaying: false },
  ];
  expect(drawUsers(users, "beto", ptBr, plainStyle)).toBe(
    [
      "-----",
      "Usuários conectados:",
      "-----",
      "       alan   jogando",
      "       beto   livre (você)",
      "-----",
    ].join("\n"),
  );
  expect(drawUsers([], null, ptBr, plainStyle)).toBe("-----\nUsuários conectados:\n-----");
});

it("aligns the leaderboard, as the seed does", () => {
  const scores = [
    { user: "leandro", points: 3 },
    { user: "caio", points: 1 },
  ];
  expect(drawLeaders(scores, null, en, plainStyle)).toBe(
    ["-----", "      LEADERBOARD", "-----", "    leandro   | 3   |", "       caio   | 1   |", "-----"].join(
      "\n",
    ),
  );
});
