// What the words ask for; crowd.test.ts has what comes of it.
import { expect, it } from "vitest";
import { refusalOf } from "../shared/command-line/refusal.fixture.ts";
import { readCommandLine } from "./command-line.ts";

it("makes a crowd of clients that stay idle, or play and look around", () => {
  expect(readCommandLine(["--clients", "2"])).toMatchObject({
    kind: "crowd",
    crowd: { server: { host: "127.0.0.1", port: 3000 }, clients: 2, matches: 0, meanLookPauseMs: null },
  });
  expect(readCommandLine(["--clients", "2", "--matches", "9", "--server", "a:1,b"])).toMatchObject({
    crowd: {
      server: { host: "a", port: 1 },
      otherServers: [{ host: "b", port: 3000 }],
      matches: 9,
      meanLookPauseMs: 10_000,
    },
  });
});

it.each([
  ["neither kind of bots", []],
  ["both kinds", ["--opponent", "--clients", "2"]],
  ["no clients", ["--clients", "0"]],
  ["a match of one client", ["--clients", "1", "--matches", "1"]],
  ["a server that is none", ["--clients", "2", "--server", "localhost:port"]],
  ["a server named twice", ["localhost", "--clients", "2", "--server", "localhost:3000"]],
  ["a seed that is none", ["--clients", "2", "--seed", "abc"]],
  ["a ramp that never starts", ["--clients", "2", "--ramp", "0"]],
])("refuses %s in one line", (_, options) => {
  expect(refusalOf(() => readCommandLine(options))).toMatch(/^error: [^\n]+\n$/);
});
