import { expect, test } from "vitest";
import { closestName } from "./closest-name.ts";

test.each([
  ["mtach", "match"],
  ["basics", "basic"],
  ["Server", "server"],
  ["cmd", "command"],
  ["comm", "command"],
  ["", null],
  ["bc", null],
  ["something-else", null],
])("%j was meant to be %j", (typed, expected) => {
  expect(closestName(typed, ["server", "basic", "match", "command", "tc"])).toBe(expected);
});
