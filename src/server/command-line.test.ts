// What the words ask for; main.test.ts has what comes of it.
import { expect, it, vi } from "vitest";
import { refusalOf } from "../shared/command-line/refusal.fixture.ts";
import { readCommandLine } from "./command-line.ts";

it("serves by default on port 3000 of all interfaces, with data/ and certs/, a heartbeat of 10 s and no HTTP", () => {
  expect(readCommandLine([])).toMatchObject({
    kind: "serve",
    server: {
      host: undefined,
      port: 3000,
      dataDirectory: "data",
      certsDirectory: "certs",
      heartbeatMs: 10_000,
      abandonAfterMs: 180_000,
      minPasswordLength: 8,
      database: undefined,
      http: undefined,
    },
  });
});

it("serves HTTP on loopback only, by default", () => {
  expect(readCommandLine(["0", "--http", "8080"])).toMatchObject({
    server: { port: 0, http: { host: "127.0.0.1", port: 8080 } },
  });
  expect(readCommandLine(["--http", "8080", "--http-host", "::"])).toMatchObject({
    server: { http: { host: "::", port: 8080 } },
  });
});

it("imports users into the store that the server would use", () => {
  expect(readCommandLine(["import-users", "users.txt", "--data", "here"])).toEqual({
    kind: "import-users",
    file: "users.txt",
    place: { dataDirectory: "here", database: undefined },
    minPasswordLength: 8,
  });
});

it("takes addresses from the environment too, unless the command line has them", () => {
  vi.stubEnv("VELHA_DATABASE", "postgres://velha:secret@db/velha");
  expect(readCommandLine([])).toMatchObject({ server: { database: "postgres://velha:secret@db/velha" } });
  expect(readCommandLine(["import-users", "users.txt"])).toMatchObject({
    place: { database: "postgres://velha:secret@db/velha" },
  });
  expect(readCommandLine(["--database", "postgres://other"])).toMatchObject({
    server: { database: "postgres://other" },
  });
  vi.unstubAllEnvs();
});

it.each([
  ["a port that is none", ["abc"]],
  ["a port beyond the last", ["65536"]],
  ["two ports", ["3000", "3001"]],
  ["an unknown option", ["--nonsense"]],
  ["an option without its value", ["--data"]],
  ["a heartbeat of no time", ["--heartbeat", "0"]],
  ["a heartbeat that is no number", ["--heartbeat", "often"]],
  ["a password length that is none", ["--min-password-length", "0"]],
  ["attempt limits that are neither on nor off", ["--attempt-limits", "some"]],
  ["an address for HTTP without HTTP", ["--http-host", "0.0.0.0"]],
  ["a database that is none", ["--database", "mysql://here"]],
  ["presence without a database", ["--presence", "redis://127.0.0.1"]],
  ["import-users without a file", ["import-users"]],
])("refuses %s in one line", (_, options) => {
  expect(refusalOf(() => readCommandLine(options))).toMatch(/^error: [^\n]+\n$/);
});
