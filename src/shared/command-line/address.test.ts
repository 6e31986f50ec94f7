import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { databaseAddress, presenceAddress, readAddress, whyNoAddress } from "./address.ts";

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

it("an address may be in a file, which is checked without repeating it", () => {
  const folder = mkdtempSync(join(tmpdir(), "velha-address-"));
  const file = join(folder, "database");
  writeFileSync(file, "postgres://velha:secret@db/velha\n");
  expect(readAddress(`@${file}`, databaseAddress)).toEqual({
    ok: true,
    address: "postgres://velha:secret@db/velha",
  });
  writeFileSync(file, "secret");
  expect(readAddress(`@${file}`, databaseAddress)).toEqual({ ok: false, problem: EXAMPLE });
  rmSync(folder, { recursive: true });
  expect(readAddress(`@${file}`, databaseAddress)).toEqual({
    ok: false,
    problem: expect.stringMatching(/^error: --database: ENOENT/),
  });
});
