import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StartupError } from "../startup-error.ts";
import { openStore } from "./sqlite-store.ts";
import type { Store, StoredMatch } from "./store.ts";

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

const account = (user: string, points = 0) => ({ user, passwordHash: `hash of ${user}`, points });

const match = (matchId: string): StoredMatch => ({
  matchId,
  ticketText: `ticket of ${matchId}`,
  inviter: "alan",
  invitee: "beto",
  hasAbandoned: { X: false, O: false },
  verdict: null,
  transcripts: [],
});

/** A second look at what is on disk, without the store that wrote it. */
async function reopened(): Promise<Store> {
  await store.close();
  store = await openStore(directory);
  return store;
}

describe("the file", () => {
  it("can be read by its owner alone, and so can its folder", () => {
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const name of ["velha.db", "velha.db-wal"])
      expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  });

  it("is held by one server at a time, and the second is told what to do", async () => {
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

  it("that is no database is refused", async () => {
    const other = join(directory, "other");
    mkdirSync(other);
    writeFileSync(join(other, "velha.db"), "caio\t123456\n".repeat(400));
    await expect(openStore(other)).rejects.toThrow(/is damaged or no database/);
  });
});

describe("accounts", () => {
  it("are found without regard to case, as they were registered", async () => {
    expect(await store.addAccount(account("Alan"))).toBe(true);
    expect(await store.addAccount(account("aLAN"))).toBe(false);
    expect(await (await reopened()).findAccount("alaN")).toEqual({
      user: "Alan",
      passwordHash: "hash of Alan",
    });
    expect(await store.findAccount("alanna")).toBeNull();
  });

  it("are listed by name without regard to case", async () => {
    for (const [user, points] of [
      ["caio", 1],
      ["Beto", 1],
      ["alan", 1],
      ["_x", 1],
      ["Zoe", 7],
    ] as const)
      await store.addAccount(account(user, points));
    expect((await store.scores()).map(({ user }) => user)).toEqual(["_x", "alan", "Beto", "caio", "Zoe"]);
  });

  it("are added all or none", async () => {
    await store.addAccount(account("caio"));
    const added = await store.addAccounts([account("alan"), account("CAIO")]);
    expect(added).toEqual({ ok: false, taken: "CAIO" });
    expect(await store.findAccount("alan")).toBeNull();
    expect(await store.addAccounts([account("alan", 3), account("beto")])).toEqual({ ok: true });
    expect(await store.scores()).toHaveLength(3);
  });

  it("as many as 100,000 are all there again, with their points", async () => {
    const many = Array.from({ length: 100_000 }, (_, index) => account(`user${index}`, index % 50));
    await store.addAccounts(many);
    const again = await reopened();
    const pointsOf = new Map((await again.scores()).map(({ user, points }) => [user, points]));
    expect(pointsOf.size).toBe(100_000);
    expect(many.filter(({ user, points }) => pointsOf.get(user) !== points)).toEqual([]);
  });
});

describe("sessions", () => {
  beforeEach(async () => {
    await store.addAccount(account("Alan"));
  });

  it("outlive a restart, and a newer one takes the place of the older", async () => {
    await store.saveSession({ user: "Alan", tokenHash: "one", expiresAtMs: 5 });
    expect(await (await reopened()).findSession("one")).toEqual({
      user: "Alan",
      tokenHash: "one",
      expiresAtMs: 5,
    });
    await store.saveSession({ user: "alan", tokenHash: "two", expiresAtMs: 6 });
    expect(await store.findSession("one")).toBeNull();
    expect(await store.findSession("two")).toEqual({ user: "Alan", tokenHash: "two", expiresAtMs: 6 });
    await store.endSession("two");
    expect(await store.findSession("two")).toBeNull();
  });

  it("change the password, but not one that has ended", async () => {
    await store.saveSession({ user: "Alan", tokenHash: "one", expiresAtMs: 5 });
    expect(await store.changePassword("alan", "new", "one")).toBe(true);
    expect(await store.findSession("one")).not.toBeNull();
    expect(await store.changePassword("alan", "newer", "another")).toBe(false);
    expect(await store.findAccount("alan")).toEqual({ user: "Alan", passwordHash: "new" });
  });
});

describe("matches", () => {
  it("are kept with their transcripts, and their points are added", async () => {
    for (const user of ["alan", "beto"]) await store.addAccount(account(user, 1));
    await store.addMatch(match("m1"));
    await store.addMatch(match("m2"));
    const status = {
      hasAbandoned: { X: false, O: true },
      verdict: { outcome: "X", basis: "proof" },
    } as const;
    const pointsAdded = [{ user: "alan", points: 2 }];
    await store.updateMatch({ matchId: "m1", status, newTranscript: "1,1,aa;2,2,bb", pointsAdded });
    await store.updateMatch({ matchId: "m1", status, newTranscript: "end,X,cc", pointsAdded: [] });
    const again = await reopened();
    expect(await again.findMatch("m1")).toEqual({
      ...match("m1"),
      ...status,
      transcripts: ["1,1,aa;2,2,bb", "end,X,cc"],
    });
    expect(await again.openMatches()).toEqual([match("m2")]);
    expect(await again.scores()).toEqual([
      { user: "alan", points: 3 },
      { user: "beto", points: 1 },
    ]);
    expect(await again.findMatch("m3")).toBeNull();
  });
});

describe("runs and what is kept for life", () => {
  it("a value is made once", async () => {
    expect(await store.keepForLife("key", () => "first")).toBe("first");
    expect(await (await reopened()).keepForLife("key", () => "second")).toBe("first");
  });

  it("a run that did not end is known by the next", async () => {
    expect(await store.beginRun()).toEqual({ lastRunEndedNormally: true });
    expect(await (await reopened()).beginRun()).toEqual({ lastRunEndedNormally: false });
    await store.endRun();
    expect(await (await reopened()).beginRun()).toEqual({ lastRunEndedNormally: true });
  });
});

describe("writes", () => {
  it("of one turn of the event loop share one commit", async () => {
    const durable = async (inOneTurn: boolean) => {
      const startedAtMs = performance.now();
      const writes = [];
      for (let index = 0; index < 200; index++) {
        const write = store.addAccount(account(`${inOneTurn}${index}`));
        if (inOneTurn) writes.push(write);
        else await write;
      }
      await Promise.all(writes);
      return performance.now() - startedAtMs;
    };
    expect((await durable(false)) / (await durable(true))).toBeGreaterThan(2);
  });

  it("that fail do not take their neighbours with them", async () => {
    await store.addAccount(account("alan"));
    const settled = await Promise.allSettled([
      store.addAccount(account("beto")),
      store.addMatch({ ...match("m1"), invitee: "nobody" }),
      store.addAccount(account("caio")),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(settled[1]).toMatchObject({ reason: { name: "StoreError" } });
    expect(await (await reopened()).scores()).toHaveLength(3);
  });

  it("fail on a full disk, keep nothing, and work again when there is room", async () => {
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
