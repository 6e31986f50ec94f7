import { expect, test } from "vitest";
import { printable } from "./printable.ts";

test.each([
  ["a\0b", "a·b"],
  ["\x1b[2J\x1b]0;title\x07", "·[2J·]0;title·"],
  ["one\ttwo\r\n", "one two··"],
  ["\x9b31m", "·31m"],
  ["abc\u202edcb", "abc·dcb"],
  ["half \ud800", "half ·"],
  ["ação – 名前 😀", "ação – 名前 😀"],
])("%j is shown as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});
