import { expect, test } from "vitest";
import { alignColumns, cutTo } from "./text-table.ts";

test("columns align by their width in a terminal, also with wide letters and colours", () => {
  expect(
    alignColumns([
      ["名前", "1"],
      ["\x1b[31mab\x1b[39m", "22"],
    ]),
  ).toEqual(["名前    1", "\x1b[31mab\x1b[39m     22"]);
});

test("a line is cut to the width of the terminal", () => {
  expect(cutTo("abcdef", 4)).toBe("abcd");
  expect(cutTo("名前です", 5)).toBe("名前");
});
