import { expect, it } from "vitest";
import { databaseAddress, presenceAddress, whyNoAddress } from "./address.ts";

const EXAMPLE = "error: --database takes an address like postgres://user:password@host:port/name";

it.each([
  ["postgres://velha:secret@db:5432/velha", null],
  ["postgresql:///velha?host=/run/postgresql", null],
  ["mysql://velha:secret@db/velha", `${EXAMPLE}, not mysql://`],
  ["db:5432/velha", EXAMPLE],
  ["postgres://velha:se#cret@[db", EXAMPLE],
])("%s as a database's address: %s", (text, problem) => {
  expect(whyNoAddress(text, databaseAddress)).toBe(problem);
});

it("the address of --presence must be that of a Redis", () => {
  expect(whyNoAddress("redis://127.0.0.1:6379", presenceAddress)).toBe(null);
  expect(whyNoAddress("127.0.0.1:6379", presenceAddress)).toMatch(/like redis:\/\/host:port$/);
});
