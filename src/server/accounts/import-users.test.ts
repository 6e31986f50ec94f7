import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { accountsFile } from "../../bots/accounts-file.ts";
import { StartupError } from "../startup-error.ts";
import { openStore } from "../store/sqlite-store.ts";
import { tempDirectory } from "../temp-directory.fixture.ts";
import { importUsers } from "./import-users.ts";
import { PasswordHasher } from "./password-hasher.ts";
import { readUsersFile } from "./users-file.ts";

const usersOf = (text: string) => {
  const read = readUsersFile(Buffer.from(text));
  if (!read.ok) throw new Error(JSON.stringify(read.badLines));
  return read.users.map(({ user, password, points }) => [user, password, points]);
};

describe("users.txt", () => {
  it("has a name, a password and optionally points, separated by tabs", () => {
    expect(usersOf("caio\t123456\nleandro\tabc def\t3\n\nbeto\tb\t0\r\n")).toEqual([
      ["caio", "123456", 0],
      ["leandro", "abc def", 3],
      ["beto", "b", 0],
    ]);
  });

  it("may be separated by spaces instead, and end with spaces", () => {
    expect(usersOf("caio 123456  \nleandro   abcdefg  7\n")).toEqual([
      ["caio", "123456", 0],
      ["leandro", "abcdefg", 7],
    ]);
  });

  it("may begin with a byte order mark and hold any UTF-8", () => {
    expect(usersOf("\ufeffcaio\tsenhação\t2")).toEqual([["caio", "senhação", 2]]);
  });

  it.each([
    ["caio\t1\nleandro", 2, /it has 1 fields/],
    ["caio\t1\t2\t3", 1, /it has 4 fields/],
    ["\n\ncaio\t\t3", 3, /the password is empty/],
    ["josé\t1", 1, /"josé" is no user name/],
    ["caio\t1\t-1", 1, /"-1" is no number of points/],
    ["caio\t1\tx", 1, /"x" is no number of points/],
    ["caio\t$2b$10$abcdefghijklmnopqrstuv", 1, /looks like a hash and is none that can be used/],
    ["caio\t$argon2id$v=19$m=19456,t=2,p=1$c2FsdA", 1, /looks like a hash/],
    [`caio\t$argon2id$v=19$m=9999999,t=2,p=1$${"A".repeat(22)}$${"A".repeat(43)}`, 1, /looks like a hash/],
    ["caio\t1\nbeto\t2\nCAIO\t3", 3, /CAIO is already in line 1/],
  ])("%j is refused with the number of its line, %i", (text, lineNumber, problem) => {
    expect(readUsersFile(Buffer.from(text))).toEqual({
      ok: false,
      badLines: [{ lineNumber, problem: expect.stringMatching(problem) }],
    });
  });

  it("that is not UTF-8 is refused with the number of its line", () => {
    const read = readUsersFile(Buffer.from("caio\t1\nbeto\t\xe9\n", "latin1"));
    expect(read).toMatchObject({
      ok: false,
      badLines: [{ lineNumber: 2, problem: "it is not UTF-8: save the file as UTF-8" }],
    });
  });
});

describe("import-users", () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = tempDirectory();
    file = join(directory, "users.txt");
  });

  const data = () => join(directory, "data");

  it("imports names, passwords of any length, and points", async () => {
    writeFileSync(file, `caio\t1\nleandro\t${"x".repeat(500)}\t4\n`);
    expect(await importUsers(file, { dataDirectory: data() }, 8)).toEqual({ count: 2, shortCount: 1 });
    const store = await openStore(data());
    expect(await store.scores()).toEqual([
      { user: "caio", points: 0 },
      { user: "leandro", points: 4 },
    ]);
    const caio = await store.findAccount("caio");
    const verified = await new PasswordHasher().verify(caio?.passwordHash ?? null, "1");
    expect(verified).toEqual({ ok: true, value: true });
    await store.close();
  });

  it("imports a password that is already an argon2id hash", async () => {
    writeFileSync(file, await accountsFile([{ name: "caio", password: "secret", comesAtMs: 0 }], true));
    await importUsers(file, { dataDirectory: data() });
    const store = await openStore(data());
    const caio = await store.findAccount("caio");
    const verified = await new PasswordHasher().verify(caio?.passwordHash ?? null, "secret");
    expect(verified).toEqual({ ok: true, value: true });
    await store.close();
  });

  it("imports nobody when a line is wrong, and names the line", async () => {
    writeFileSync(file, "caio\t1\nleandro\n");
    const importing = importUsers(file, { dataDirectory: data() });
    await expect(importing).rejects.toThrow(StartupError);
    await expect(importing).rejects.toThrow(/users\.txt, line 2: it has 1 fields.*; nobody was imported$/);
    expect(existsSync(data())).toBe(false);
  });

  it("names all wrong lines", async () => {
    writeFileSync(file, `caio\t1\nleandro\n${"beto\n".repeat(60)}`);
    await expect(importUsers(file, { dataDirectory: data() })).rejects.toThrow(
      /line 2: [^\n]*\n[^\n]*line 3: (.*\n)*11 more lines are wrong; nobody was imported$/,
    );
  });

  it("imports nobody when one is registered already, and names the line", async () => {
    writeFileSync(file, "caio\t1\n");
    await importUsers(file, { dataDirectory: data() });
    writeFileSync(file, "beto\t1\n\nCaio\t1\n");
    await expect(importUsers(file, { dataDirectory: data() })).rejects.toThrow(
      /line 3: Caio is registered already: remove the line; nobody was imported/,
    );
    const store = await openStore(data());
    expect(await store.scores()).toHaveLength(1);
    await store.close();
  });

  it("refuses the data of a running server", async () => {
    writeFileSync(file, "caio\t1\n");
    const store = await openStore(data());
    await expect(importUsers(file, { dataDirectory: data() })).rejects.toThrow(/in use by another server/);
    await store.close();
  });

  it("says which file cannot be read", async () => {
    await expect(importUsers(file, { dataDirectory: data() })).rejects.toThrow(
      /cannot read .*users\.txt .*; name the old program's/,
    );
  });
});
