import { randomBytes } from "node:crypto";
import { afterAll, describe, expect, it } from "vitest";
import { alan, beto } from "../../game/players.fixture.ts";
import { ed25519Verify } from "../../game/signature.ts";
import { openTicket } from "../../game/ticket.ts";
import { newTranscript } from "../../game/transcript.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { Accounts } from "../accounts/accounts.ts";
import { Sessions } from "../accounts/sessions.ts";
import { MemoryLeaderboard } from "../results/memory-leaderboard.ts";
import { played } from "../results/played.fixture.ts";
import { Results } from "../results/results.ts";
import { StartupError } from "../startup-error.ts";
import { PrivatePostgres } from "./postgres.fixture.ts";
import { openPostgresStore, type PostgresOptions } from "./postgres-store.ts";
import { type Store, StoreError } from "./store.ts";
import { account, describeStore } from "./store-contract.fixture.ts";

/** PostgreSQL takes its time to recover on a busy machine. */
const PATIENT = { timeout: 20_000 };

const installed = await PrivatePostgres.start();
afterAll(() => installed?.remove());

describe.skipIf(!installed)("PostgreSQL", () => {
  const postgres = installed as PrivatePostgres;
  const open = (url: string, options: Partial<PostgresOptions> = {}) =>
    openPostgresStore(url, { serverId: "a", ...options });

  describe("like every store", () => {
    describeStore(async () => {
      const url = await postgres.newPlace();
      return () => open(url);
    });
  });

  describe("shared by several servers", () => {
    it("is set up by one of several servers that start at once, and all sign with one key", async () => {
      const url = await postgres.newPlace();
      const stores = await Promise.all([open(url), open(url), open(url)]);
      const keys = await Promise.all(
        stores.map((store, index) => store.keepForLife("ticket key", () => `key ${index}`)),
      );
      expect(new Set(keys).size).toBe(1);
      await Promise.all(stores.map((store) => store.close()));
    });

    it("knows for each server whether its last run ended normally", async () => {
      const url = await postgres.newPlace();
      const [one, other] = [await open(url, { serverId: "one" }), await open(url, { serverId: "other" })];
      await one.beginRun();
      expect(await other.beginRun()).toEqual({ lastRunEndedNormally: true });
      await other.endRun();
      expect(await one.beginRun()).toEqual({ lastRunEndedNormally: false });
      expect(await other.beginRun()).toEqual({ lastRunEndedNormally: true });
      await Promise.all([one.close(), other.close()]);
    });

    it("lists more users than one statement reads", async () => {
      const url = await postgres.newPlace();
      const store = await open(url);
      const users = Array.from({ length: 10_003 }, (_, index) => `user${String(index).padStart(6, "0")}`);
      await store.addAccounts(users.map((user, index) => account(user, index % 7)));
      const scores = await store.scores();
      expect(scores.map(({ user }) => user)).toEqual(users);
      expect(scores.every(({ points }, index) => points === index % 7)).toBe(true);
      await store.close();
    });

    it("of a newer version is refused", async () => {
      const url = await postgres.newPlace();
      await (await open(url)).close();
      await postgres.ask("UPDATE schema_version SET version = 99", url);
      await expect(open(url)).rejects.toThrow(/newer version \(schema 99/);
    });

    it("that does not answer is reported at the start", async () => {
      const nowhere = open("postgres://nobody:secret@127.0.0.1:1/nothing");
      await expect(nowhere).rejects.toThrow(StartupError);
      await expect(nowhere).rejects.toThrow(/ECONNREFUSED.*start PostgreSQL, or correct --database/);
      await expect(nowhere).rejects.not.toThrow(/secret/);
    });
  });

  describe("that fails", () => {
    const patience = { connectMs: 1_000, statementMs: 1_000, answerMs: 1_000 };
    const outages = [
      ["killed", () => postgres.crash(), () => postgres.start()],
      ["stopped", () => postgres.signalAll("SIGSTOP"), () => postgres.signalAll("SIGCONT")],
    ] as const;

    it.each(outages)(
      "because it is %s, refuses each request within its time limit, and serves again",
      async (_, lose, find) => {
        const told: string[] = [];
        const store = await open(await postgres.newPlace(), {
          patience,
          onTrouble: (reason) => told.push(reason),
          onRecovered: () => told.push("over"),
        });
        expect(await store.addAccount(account("alan"))).toBe(true);
        await lose();
        const asked = await Promise.allSettled(
          Array.from({ length: 20 }, (_each, index) => store.addAccount(account(`late${index}`))),
        );
        await expect(store.findAccount("alan")).rejects.toBeInstanceOf(StoreError);
        expect(asked.every((each) => each.status === "rejected" && each.reason instanceof StoreError)).toBe(
          true,
        );
        await find();
        await expect
          .poll(() => store.findAccount("alan").catch(() => null), PATIENT)
          .toMatchObject({ user: "alan" });
        expect(await store.addAccount(account("beto"))).toBe(true);
        expect(told).toEqual([expect.stringMatching(/cannot be kept \(PostgreSQL: /), "over"]);
        await store.close();
      },
    );
  });

  it("and is only readable still serves reads, and the problem is reported once", async () => {
    const url = await postgres.newPlace();
    const told: string[] = [];
    const store = await open(url, {
      onTrouble: () => told.push("trouble"),
      onRecovered: () => told.push("over"),
    });
    await store.addAccount(account("alan"));
    await postgres.ask("ALTER TABLE accounts ADD CONSTRAINT full_disk CHECK (false) NOT VALID", url);
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(store.addAccount(account("beto"))).rejects.toBeInstanceOf(StoreError);
      expect(await store.findAccount("alan")).toMatchObject({ user: "alan" });
    }
    await postgres.ask("ALTER TABLE accounts DROP CONSTRAINT full_disk", url);
    expect(await store.addAccount(account("beto"))).toBe(true);
    expect(told).toEqual(["trouble", "over"]);
    await store.close();
  });

  describe("used by a server", () => {
    const clock = new ManualClock();
    const steps = "11 21 12 22 13";
    const hasher = {
      hash: async (password: string) => ({ ok: true, value: password }) as const,
      verify: async (hash: string | null, password: string) =>
        ({ ok: true, value: hash === password }) as const,
    };
    const accountsOn = (store: Store) =>
      new Accounts({
        ...{ store, hasher, limits: null, minPasswordLength: 8 },
        sessions: new Sessions(store, clock, randomBytes),
      });
    const resultsOn = (store: Store) =>
      Results.open({
        ...{ store, clock, random: randomBytes, onSettled: () => {} },
        leaderboard: new MemoryLeaderboard([]),
      });
    const start = async (results: Results) => {
      const keys = { inviterKey: alan.publicKey, inviteeKey: beto.publicKey };
      const started = await results.startMatch({ inviter: "Alan", invitee: "Beto", ...keys });
      if (!started.ok) throw new Error(started.code);
      const ticket = openTicket(started.ticket, results.ticketKey, ed25519Verify);
      if (!ticket) throw new Error("not this server's ticket");
      const actions = [...played(steps, newTranscript(started.ticket, ticket)).actions];
      return (server: Results, self: "Alan" | "Beto") => {
        const [opponent, claim] = self === "Alan" ? (["Beto", "WIN"] as const) : (["Alan", "LOST"] as const);
        return server.report(self, {
          name: "result",
          self,
          opponent,
          claim,
          ticket: started.ticket,
          actions,
        });
      };
    };
    const asked = (work: () => Promise<unknown>) => postgres.statementsOf(work);

    it("gets as few statements as possible for each request", async () => {
      const store = await open(await postgres.newPlace());
      const accounts = accountsOn(store);
      const results = await resultsOn(store);
      const password = "correct horse";
      expect(await asked(() => accounts.register("Alan", password, ""))).toEqual([
        "find account",
        "add account",
      ]);
      await accounts.register("Beto", password, "");
      let token = "";
      const login = async () => {
        const entered = await accounts.login("alan", password, "");
        if (entered.ok) token = entered.token;
      };
      expect(await asked(login)).toEqual(["find account", "save session"]);
      expect(await asked(() => accounts.resume(token))).toEqual(["find session"]);
      let report: Awaited<ReturnType<typeof start>> | null = null;
      const begin = async () => {
        report = await start(results);
      };
      expect(await asked(begin)).toEqual(["add match"]);
      expect(await asked(async () => report?.(results, "Alan"))).toEqual(["find match", "update match"]);
      expect(await asked(async () => report?.(results, "Beto"))).toEqual(["find match"]);
      await results.close();
      await store.close();
    });

    it("counts a result once when two servers get it at the same time", async () => {
      const url = await postgres.newPlace();
      const stores = [await open(url), await open(url)] as const;
      for (const user of ["Alan", "Beto"]) await stores[0].addAccount(account(user));
      const servers = [await resultsOn(stores[0]), await resultsOn(stores[1])] as const;
      for (let round = 1; round <= 10; round++) {
        const report = await start(servers[round % 2 ? 0 : 1]);
        const answers = await Promise.all([
          report(servers[0], "Alan"),
          report(servers[1], "Beto"),
          report(servers[1], "Alan"),
        ]);
        expect(answers.map((answer) => answer.ok && answer.outcome)).toEqual(["WIN", "LOST", "WIN"]);
        expect((await stores[1].scores()).map(({ points }) => points)).toEqual([2 * round, 0]);
      }
      await Promise.all(servers.map((server) => server.close()));
      await Promise.all(stores.map((store) => store.close()));
    });

    it("keeps what was acknowledged through a crash, and accepts the waiting result later", async () => {
      const store = await open(await postgres.newPlace());
      for (const user of ["Alan", "Beto"]) await store.addAccount(account(user));
      const results = await resultsOn(store);
      const report = await start(results);
      await postgres.crash();
      expect(await report(results, "Alan")).toMatchObject({ ok: false, code: "TRY_LATER" });
      expect(await accountsOn(store).login("Alan", "hash of Alan", "")).toMatchObject({ code: "TRY_LATER" });
      await postgres.start();
      await expect.poll(() => report(results, "Alan"), PATIENT).toMatchObject({ ok: true, outcome: "WIN" });
      await postgres.crash();
      await postgres.start();
      await expect.poll(() => report(results, "Beto"), PATIENT).toMatchObject({ ok: true, outcome: "LOST" });
      await results.close();
      await store.close();
    });
  });
});
