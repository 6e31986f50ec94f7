import { describe, expect, it } from "vitest";
import type { Notice } from "../session/notice.ts";
import { renderNotice } from "../terminal/render.ts";
import { plainStyle } from "../terminal/style.ts";
import { en } from "./en.ts";
import { languageOf } from "./language.ts";
import { ptBr } from "./pt-BR.ts";

describe("Portuguese", () => {
  it.each([
    [{ kind: "logged-in", user: "caio" }, "Login bem sucedido!"],
    [{ kind: "invited", user: "alan" }, "alan te convidou para jogar!\nAceitar?"],
    [{ kind: "users", users: [], self: null }, "-----\nUsuários conectados:\n-----"],
    [{ kind: "leaders", scores: [], self: null }, "-----\n      CLASSIFICAÇÃO\n-----"],
  ] satisfies [Notice, string][])("has these words for %j", (notice, text) => {
    expect(renderNotice(notice, ptBr, plainStyle)).toBe(text);
  });

  it("asks and says goodbye in the seed's words", () => {
    expect([ptBr.yesNo, ptBr.goodbye]).toEqual(["[S/n]:", "Finalizando cliente"]);
  });
});

describe("the result of a match that ends without the server", () => {
  it.each([
    ["WIN", "you won", "você ganhou"],
    ["LOST", "you lost", "você perdeu"],
    ["DRAW", "it is a draw", "deu empate"],
  ] as const)("is reported at once when it is %s", (claim, english, portuguese) => {
    const notice: Notice = { kind: "result-waits", claim };
    expect(renderNotice(notice, en, plainStyle)).toContain(english);
    expect(renderNotice(notice, ptBr, plainStyle)).toContain(portuguese);
  });

  it("is not reported for a match that was broken off", () => {
    const notice: Notice = { kind: "result-waits", claim: "ABANDONED" };
    expect(renderNotice(notice, en, plainStyle)).toMatch(/back$/);
  });
});

describe("English", () => {
  it.each([
    [{ kind: "connected", server: "127.0.0.1:3000" }, "Connected to 127.0.0.1:3000"],
    [{ kind: "user-created", user: "alan" }, "User 'alan' created"],
    [{ kind: "logged-in", user: "alan" }, "Logged in as alan"],
    [{ kind: "inviting", user: "beto" }, "Inviting beto..."],
    [{ kind: "invited", user: "alan" }, "alan invites you to a match! Accept? [Y/n]"],
    [{ kind: "match-started", opponent: "beto", symbol: "X" }, "Match with beto: you are X"],
    [{ kind: "your-move" }, "Your move: send <row> <column>"],
    [{ kind: "waiting", opponent: "beto" }, "Waiting for beto..."],
    [{ kind: "you-played", square: { row: 2, column: 2 } }, "You played 2 2"],
    [{ kind: "opponent-played", opponent: "beto", square: { row: 1, column: 1 } }, "beto played 1 1"],
    [{ kind: "result", opponent: "beto", outcome: "WIN", points: 2 }, "You won! +2 points"],
    [{ kind: "result", opponent: "beto", outcome: "LOST", points: 0 }, "You lost"],
    [{ kind: "result", opponent: "beto", outcome: "DRAW", points: 1 }, "Draw! +1 point"],
    [{ kind: "rematch", opponent: "beto" }, "Rematch? [Y/n]"],
    [{ kind: "logged-out" }, "Logged out"],
  ] satisfies [Notice, string][])("says %j in words that do not change", (notice, text) => {
    expect(renderNotice(notice, en, plainStyle)).toBe(text);
  });
});

it.each([
  [{ LANG: "pt_BR.UTF-8" }, "pt-BR"],
  [{ LANG: "pt_PT" }, "pt-BR"],
  [{ LANG: "pt" }, "pt-BR"],
  [{ LANG: "de_DE.UTF-8" }, "en"],
  [{ LANG: "pt_BR.UTF-8", LC_MESSAGES: "en_GB" }, "en"],
  [{ LANG: "en_US", LC_ALL: "pt_BR" }, "pt-BR"],
  [{ LC_ALL: "", LANG: "pt_BR" }, "pt-BR"],
  [{}, "en"],
])("the environment %j selects %s", (environment, language) => {
  expect(languageOf(environment)).toBe(language);
});
