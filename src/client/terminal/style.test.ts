import { expect, it } from "vitest";
import { styleOf } from "./style.ts";

it.each([
  ["a terminal", true, {}, "\x1b[31mno\x1b[39m"],
  ["a terminal under an empty NO_COLOR", true, { NO_COLOR: "" }, "\x1b[31mno\x1b[39m"],
  ["a terminal under NO_COLOR", true, { NO_COLOR: "1" }, "no"],
  ["a dumb terminal", true, { TERM: "dumb" }, "no"],
  ["a pipe", false, {}, "no"],
])("text for %s", (_, isTerminal, environment, text) => {
  expect(styleOf(isTerminal, environment).bad("no")).toBe(text);
});

it("only a pipe gets boards in ASCII", () => {
  expect([styleOf(true, { NO_COLOR: "1" }).isPlain, styleOf(false, {}).isPlain]).toEqual([false, true]);
});
