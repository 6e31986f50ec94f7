import { describe, expect, it } from "vitest";
import { readCommand, suggestionFor, usageOf } from "./commands.ts";
import { en } from "./texts/en.ts";
import { ptBr } from "./texts/pt-BR.ts";

const read = (line: string, isQuestion = false) => readCommand(line, isQuestion, en);

describe("a typed line", () => {
  it.each([
    ["adduser alan secret12", { name: "adduser", user: "alan", password: "secret12" }],
    ["login alan secret12", { name: "login", user: "alan", password: "secret12" }],
    ["  LOGIN   alan  Secret12 ", { name: "login", user: "alan", password: "Secret12" }],
    ["passwd old1 new2", { name: "passwd", oldPassword: "old1", newPassword: "new2" }],
    ["begin beto", { name: "begin", user: "beto" }],
    ["send 1 3", { name: "send", row: 1, column: 3 }],
    ["list", { name: "list" }],
    ["n", { name: "answer", isYes: false }],
    ["Y", { name: "answer", isYes: true }],
  ])("%j is a command", (line, command) => {
    expect(read(line)).toEqual({ kind: "run", command });
  });

  it.each([
    ["", { kind: "nothing" }],
    ["   ", { kind: "nothing" }],
    ["help", { kind: "help" }],
    ["exit", { kind: "exit" }],
    ["login alan", { kind: "ask", word: "login", given: ["alan"] }],
    ["passwd", { kind: "ask", word: "passwd", given: [] }],
  ])("%j is something else", (line, expected) => {
    expect(read(line)).toEqual(expected);
  });

  it.each([
    ["login", "Usage: login <user> [password]"],
    ["passwd old1", "Usage: passwd [old] [new]"],
    [
      "login alan x y",
      "Usage: login <user> [password]\nLeave out what is in brackets to be asked for it; then it may contain spaces",
    ],
    ["list all", "Usage: list"],
    ["send 1", "Usage: send <row> <column>"],
    ["send 0 1", "Row and column go from 1 to 3"],
    ["send a b", "Row and column go from 1 to 3"],
    ["send 1.0 2", "Row and column go from 1 to 3"],
    ["begin al;an", "A user name has 1 to 32 characters: A-Z a-z 0-9 _ . -"],
    ["leders", "No command 'leders'. Did you mean leaders?"],
    ["sned 1 1", "No command 'sned'. Did you mean send?"],
    ["frobnicate", "No command 'frobnicate': try help"],
  ])("%j is refused with one line that says why", (line, text) => {
    expect(read(line)).toEqual({ kind: "wrong", text });
  });

  it("that is empty means yes when a question is open", () => {
    expect(read("", true)).toEqual({ kind: "run", command: { name: "answer", isYes: true } });
  });

  it("may still be a command when a question is open", () => {
    expect(read("list", true)).toEqual({ kind: "run", command: { name: "list" } });
    expect(read("q", true)).toEqual({ kind: "wrong", text: "Please answer y or n" });
  });

  it("is answered with S or n in Portuguese", () => {
    for (const [line, isYes] of [
      ["S", true],
      ["sim", true],
      ["", true],
      ["n", false],
      ["não", false],
    ] as const) {
      expect(readCommand(line, true, ptBr)).toEqual({ kind: "run", command: { name: "answer", isYes } });
    }
  });
});

it("suggests the nearest command, if one is near", () => {
  expect(["lgin", "lead", "exot", "hlp", "x", "zzzz"].map(suggestionFor)).toEqual([
    "login",
    "leaders",
    "exit",
    "help",
    null,
    null,
  ]);
});

it("shows usage in the user's language", () => {
  expect(usageOf("send", ptBr)).toBe("send <linha> <coluna>");
});
