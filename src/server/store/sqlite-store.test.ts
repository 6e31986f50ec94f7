import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StartupError } from "../startup-error.ts";
import { tempDirectory } from "../temp-directory.fixture.ts";
import { openStore } from "./sqlite-store.ts";
import type { Store } from "./store.ts";
import { account, describeStore } from "./store-contract.fixture.ts";

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = join(mkdtempSync(join(tmpdir(), "velha-store-")), "data");
  store = await openStore(directory);
});

afterEach(async () => {
  await store.close();
  rmSync(join(directory, ".."), { recursive: true });
});

/** A second look at what is on disk, without the store that wrote it. */
async function reopened(): Promise<Store> {
  await store.close();
  store = await openStore(directory);
  return store;
}

describe("like every store", () => {
  describeStore(async () => {
    const place = tempDirectory();
    return () => openStore(place);
  });
});

describe("the file", () => {
  it("can be read only by its owner, and so can its folder", () => {
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ["velha.db", "velha.db-wal"])
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  it("is locked by one server at a time, and the second says what to do", async () => {
    const second = openStore(directory);
    await expect(second).rejects.toThrow(StartupError);
    await expect(second).rejects.toThrow(
      /in use by another server; stop that one or name another with --data/,
    );
  });

  it("of a newer version is refused", async () => {
    await store.close();
    const database = new DatabaseSync(join(directory, "velha.db"));
    database.exec("PRAGMA user_version = 99");
    database.close();
    await expect(openStore(directory)).rejects.toThrow(/newer version \(schema 99/);
  });

  it("that is not a database is refused", async () => {
    const other = join(directory, "other");
    mkdirSync(other);
    writeFileSync(join(other, "velha.db"), "caio\t123456\n".repeat(400));
    await expect(openStore(other)).rejects.toThrow(/is damaged or no database/);
  });
});

describe("accounts", () => {
  it("are all found again after a restart, 100,000 of them, with their points", async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => account(`user${index}`, index % 50));
    await store.addAccounts(many);
    const again = await reopened();
    const pointsOf = new Map((await again.scores()).map(({ user, points }) => [user, points]));
    expect(pointsOf.size).toBe(100_000);
    expect(many.filter(({ user, points }) => pointsOf.get(user) !== points)).toEqual([]);
  });
});

describe("writes", () => {
  it("fail on a full disk, store nothing, and work again when there is room", async () => {
    await store.close();
    const troubles: string[] = [];
    store = await openStore(directory, { maxPages: 40, onTrouble: (reason) => troubles.push(reason) });
    let added = 0;
    const fill = async () => {
      for (;;) {
        await store.addAccount({ ...account(`user${added}`), passwordHash: "x".repeat(2_000) });
        added++;
      }
    };
    await expect(fill()).rejects.toMatchObject({ name: "StoreError" });
    await expect(fill()).rejects.toMatchObject({ name: "StoreError" });
    expect(troubles).toEqual([expect.stringMatching(/cannot be kept \(.*full/)]);
    expect(await store.findAccount(`user${added}`)).toBeNull();
    expect(await (await reopened()).scores()).toHaveLength(added);
    expect(await store.addAccount(account(`user${added}`))).toBe(true);
  });
});
