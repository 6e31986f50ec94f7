// The contract of every store: each implementation runs these tests.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MatchUpdate, NewMatch, Store, StoredMatch } from "./store.ts";

/** Makes an empty place to store things in; returns a function that opens it, any number of times. */
export type NewPlace = () => Promise<() => Promise<Store>>;

export const account = (user: string, points = 0) => ({ user, passwordHash: `hash of ${user}`, points });

export const newMatch = (matchId: string): NewMatch => ({
  matchId,
  ticketText: `ticket of ${matchId}`,
  inviter: "alan",
  invitee: "beto",
});

const openMatch = (matchId: string): StoredMatch => ({
  ...newMatch(matchId),
  hasAbandoned: { X: false, O: false },
  verdict: null,
  transcripts: [],
  version: 0,
});

/** Alan wins the match by a proof. */
const won = (matchId: string, version = 0): MatchUpdate => ({
  matchId,
  version,
  status: { hasAbandoned: { X: false, O: true }, verdict: { outcome: "X", basis: "proof" } },
  newTranscript: "1,1,aa;2,2,bb",
  pointsAdded: [{ user: "alan", points: 2 }],
});

export function describeStore(newPlace: NewPlace): void {
  let open: () => Promise<Store>;
  let store: Store;

  beforeEach(async () => {
    open = await newPlace();
    store = await open();
  });

  afterEach(() => store.close());

  /** Opens what was stored again, without the store that wrote it. */
  async function reopened(): Promise<Store> {
    await store.close();
    store = await open();
    return store;
  }

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

    it("are listed by name without regard to case, with their points", async () => {
      expect(await store.scores()).toEqual([]);
      for (const user of ["caio", "Beto", "alan", "_x", "a-b", "a.b", "Zoe"])
        await store.addAccount(account(user, user.length));
      expect((await (await reopened()).scores()).map(({ user, points }) => `${user}:${points}`)).toEqual([
        "_x:2",
        "a-b:3",
        "a.b:3",
        "alan:4",
        "Beto:4",
        "caio:4",
        "Zoe:3",
      ]);
    });

    it("of one name that are added at the same time are one", async () => {
      const added = await Promise.all(
        ["alan", "Alan", "aLAN", "ALAN"].map((user) => store.addAccount(account(user))),
      );
      expect(added.filter((isAdded) => isAdded)).toHaveLength(1);
      expect(await store.scores()).toHaveLength(1);
    });

    it("are added all together or not at all", async () => {
      await store.addAccount(account("caio"));
      expect(await store.addAccounts([account("alan"), account("CAIO")])).toEqual({
        ok: false,
        taken: "CAIO",
      });
      expect(await store.findAccount("alan")).toBeNull();
      expect(await store.addAccounts([account("alan", 3), account("beto")])).toEqual({ ok: true });
      expect(await store.scores()).toHaveLength(3);
    });
  });

  describe("sessions", () => {
    const session = (tokenHash: string, user = "Alan") => ({
      user,
      tokenHash,
      expiresAtMs: 1_763_836_186_000,
    });

    beforeEach(() => store.addAccount(account("Alan")));

    it("survive a restart, and a newer one replaces the older", async () => {
      expect(await store.saveSession(session("one"), "hash of Alan")).toBe(true);
      expect(await (await reopened()).findSession("one")).toEqual(session("one"));
      await store.saveSession(session("two", "alan"), "hash of Alan");
      expect(await store.findSession("one")).toBeNull();
      expect(await store.findSession("two")).toEqual(session("two"));
      await store.endSession("one");
      expect(await store.findSession("two")).not.toBeNull();
      await store.endSession("two");
      expect(await store.findSession("two")).toBeNull();
    });

    it("permit a change of password, unless they have ended", async () => {
      await store.saveSession(session("one"), "hash of Alan");
      expect(await store.changePassword("alan", "new", "one")).toBe(true);
      expect(await store.findSession("one")).not.toBeNull();
      expect(await store.changePassword("alan", "newer", "another")).toBe(false);
      expect(await store.findAccount("alan")).toEqual({ user: "Alan", passwordHash: "new" });
    });

    it("do not start with a password that was changed meanwhile, nor for an unknown user", async () => {
      await store.saveSession(session("one"), "hash of Alan");
      await store.changePassword("alan", "new", "one");
      expect(await store.saveSession(session("two"), "hash of Alan")).toBe(false);
      expect(await store.findSession("one")).not.toBeNull();
      expect(await store.saveSession(session("three", "nobody"), "")).toBe(false);
    });

    it("and a new password at the same time never both succeed", async () => {
      for (let round = 0; round < 10; round++) {
        const held = `held ${round}`;
        const { passwordHash } = (await store.findAccount("alan")) ?? { passwordHash: "" };
        await store.saveSession(session(held), passwordHash);
        const [isChanged, isSaved] = await Promise.all([
          store.changePassword("alan", `hash ${round}`, held),
          store.saveSession(session(`newer ${round}`), passwordHash),
        ]);
        expect(isChanged).toBe(!isSaved);
      }
    });
  });

  describe("what an operator does", () => {
    const session = { user: "Alan", tokenHash: "one", expiresAtMs: 1_763_836_186_000 };
    const overview = { user: "Alan", points: 4, standing: "active", sessionUntilMs: null };

    beforeEach(async () => {
      for (const user of ["beto", "Alan", "_x"]) await store.addAccount(account(user, user.length));
      await store.saveSession(session, "hash of Alan");
    });

    it("shows accounts, one or page by page", async () => {
      expect(await store.accountOverview("alan")).toEqual({
        ...overview,
        sessionUntilMs: session.expiresAtMs,
      });
      expect(await store.accountOverview("nobody")).toBeNull();
      expect((await store.accountsAfter("", 2)).map(({ user }) => user)).toEqual(["_x", "Alan"]);
      expect((await store.accountsAfter("aLAN", 2)).map(({ user }) => user)).toEqual(["beto"]);
    });

    it("sets a new password, which ends the session", async () => {
      expect(await store.resetPassword("alan", "new")).toBe(true);
      expect(await (await reopened()).findAccount("Alan")).toEqual({ user: "Alan", passwordHash: "new" });
      expect(await store.findSession("one")).toBeNull();
      expect(await store.resetPassword("nobody", "new")).toBe(false);
    });

    it("ends a session", async () => {
      expect(await store.endSessionOf("alan")).toBe(true);
      expect(await store.findSession("one")).toBeNull();
      expect(await store.endSessionOf("nobody")).toBe(false);
    });

    it("bans an account, which ends its session and lets none begin until the ban ends", async () => {
      expect(await store.setStanding("alan", "banned")).toBe(true);
      expect(await (await reopened()).accountOverview("alan")).toEqual({ ...overview, standing: "banned" });
      expect(await store.findSession("one")).toBeNull();
      expect(await store.saveSession(session, "hash of Alan")).toBe(false);
      expect(await store.scores()).toHaveLength(3);
      expect(await store.setStanding("alan", "active")).toBe(true);
      expect(await store.saveSession(session, "hash of Alan")).toBe(true);
      expect(await store.setStanding("nobody", "banned")).toBe(false);
    });

    it("renames an account, whose matches stay under the old name, which stays taken", async () => {
      await store.addMatch({ ...newMatch("m1"), inviter: "Alan" });
      expect(await store.renameAccount("alan", "beto")).toBe(false);
      expect(await store.renameAccount("nobody", "Dora")).toBe(false);
      expect(await store.renameAccount("alan", "Dora")).toBe(true);
      expect(await (await reopened()).accountOverview("dora")).toEqual({ ...overview, user: "Dora" });
      expect(await store.findAccount("dora")).toEqual({ user: "Dora", passwordHash: "hash of Alan" });
      expect(await store.accountOverview("alan")).toMatchObject({ standing: "deleted", points: 0 });
      expect(await store.findSession("one")).toBeNull();
      expect(await store.findMatch("m1")).toMatchObject({ inviter: "Alan" });
      expect(await store.addAccount(account("alan"))).toBe(false);
    });

    it("deletes an account for good: it is in no list, its matches stay, and its name stays taken", async () => {
      await store.addMatch({ ...newMatch("m1"), inviter: "Alan" });
      expect(await store.setStanding("alan", "deleted")).toBe(true);
      expect(await (await reopened()).findAccount("Alan")).toBeNull();
      expect((await store.scores()).map(({ user }) => user)).toEqual(["_x", "beto"]);
      expect(await store.findMatch("m1")).toMatchObject({ inviter: "Alan", invitee: "beto" });
      expect(await store.addAccount(account("alan"))).toBe(false);
      expect(await store.addAccounts([account("alan")])).toEqual({ ok: false, taken: "alan" });
      expect(await store.resetPassword("alan", "new")).toBe(false);
      expect(await store.setStanding("alan", "active")).toBe(false);
    });
  });

  describe("matches", () => {
    beforeEach(async () => {
      for (const user of ["alan", "beto"]) await store.addAccount(account(user, 1));
      for (const matchId of ["m1", "m2"]) await store.addMatch(newMatch(matchId));
    });

    it("are stored with their transcripts, and their points are added", async () => {
      const { status } = won("m1");
      expect(await store.updateMatch(won("m1"))).toBe(true);
      const another = { ...won("m1", 1), newTranscript: "end,X,cc", pointsAdded: [] };
      expect(await store.updateMatch(another)).toBe(true);
      const again = await reopened();
      expect(await again.findMatch("m1")).toEqual({
        ...openMatch("m1"),
        ...status,
        transcripts: ["1,1,aa;2,2,bb", "end,X,cc"],
        version: 2,
      });
      expect(await again.openMatches()).toEqual([openMatch("m2")]);
      expect(await again.scores()).toEqual([
        { user: "alan", points: 3 },
        { user: "beto", points: 1 },
      ]);
      expect(await again.findMatch("m3")).toBeNull();
    });

    it("accept one of many decisions on the same version", async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => store.updateMatch(won("m1"))));
      expect(all.filter((isKept) => isKept)).toHaveLength(1);
      expect(await store.updateMatch({ ...won("m1"), newTranscript: "end,O,dd" })).toBe(false);
      expect(await store.findMatch("m1")).toMatchObject({ version: 1, transcripts: ["1,1,aa;2,2,bb"] });
      expect(await store.scores()).toContainEqual({ user: "alan", points: 3 });
      expect(await store.updateMatch(won("m3"))).toBe(false);
    });

    it("add and remove points of both players, whatever other matches add at that time", async () => {
      const matchIds = Array.from({ length: 30 }, (_, index) => `n${index}`);
      const draw = (matchId: string, index: number): MatchUpdate => {
        const pointsAdded = ["alan", "beto"].map((user) => ({ user, points: 1 }));
        if (index % 2) pointsAdded.reverse();
        return { ...won(matchId), newTranscript: null, pointsAdded };
      };
      await Promise.all(matchIds.map((matchId) => store.addMatch(newMatch(matchId))));
      await Promise.all(matchIds.map((matchId, index) => store.updateMatch(draw(matchId, index))));
      expect((await store.scores()).map(({ points }) => points)).toEqual([31, 31]);
      const fork = { ...won("n0", 1), pointsAdded: [{ user: "alan", points: -1 }] };
      await store.updateMatch(fork);
      expect((await store.scores()).map(({ points }) => points)).toEqual([30, 31]);
    });
  });

  describe("a run, and a value that is stored for life,", () => {
    it("is made once, by the first caller", async () => {
      const values = ["a", "b", "c"].map((value) => store.keepForLife("key", () => value));
      const [kept] = await Promise.all(values);
      expect(await Promise.all(values)).toEqual([kept, kept, kept]);
      expect(await (await reopened()).keepForLife("key", () => "later")).toBe(kept);
    });

    it("that did not end normally is known to the next", async () => {
      expect(await store.beginRun()).toEqual({ lastRunEndedNormally: true });
      expect(await (await reopened()).beginRun()).toEqual({ lastRunEndedNormally: false });
      await store.endRun();
      expect(await (await reopened()).beginRun()).toEqual({ lastRunEndedNormally: true });
    });
  });

  it("a write that fails does not affect the others of its commit", async () => {
    await store.addAccount(account("alan"));
    const settled = await Promise.allSettled([
      store.addAccount(account("beto")),
      store.addMatch({ ...newMatch("m1"), invitee: "nobody" }),
      store.addAccount(account("caio")),
    ]);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(settled[1]).toMatchObject({ reason: { name: "StoreError" } });
    expect(await (await reopened()).scores()).toHaveLength(3);
  });
}
