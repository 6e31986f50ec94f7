import { join } from "node:path";
import { expect, it } from "vitest";
import { closestName, loadScenarios } from "./scenario-folder.ts";

it("Scenarios are the default exports of a folder's files, by name", async () => {
  const scenarios = await loadScenarios(join(import.meta.dirname, "..", "fixtures", "scenarios"));
  expect(scenarios.map(({ name }) => name)).toEqual([
    "conversation",
    "disappointed",
    "endless",
    "short",
    "strict",
  ]);
});

it.each([
  ["mtach", "match"],
  ["basics", "basic"],
  ["Server", "server"],
  ["", null],
  ["something-else", null],
])("%j was meant to be %j", (typed, expected) => {
  expect(closestName(typed, ["server", "basic", "match"])).toBe(expected);
});
