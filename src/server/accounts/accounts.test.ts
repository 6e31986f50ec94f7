import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { fromBase64url } from "../../game/base64url.ts";
import { ManualClock } from "../../shared/clock/manual-clock.fixture.ts";
import { openStore } from "../store/sqlite-store.ts";
import { type Store, StoreError } from "../store/store.ts";
import { tempDirectory } from "../temp-directory.fixture.ts";
import { Accounts } from "./accounts.ts";
import { AttemptLimits } from "./attempt-limits.ts";
import { PasswordHasher } from "./password-hasher.ts";
import { Sessions, TOKEN_BYTES } from "./sessions.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
const here = "127.0.0.1";
const password = "correct horse";

let directory: string;
let store: Store;
let clock: ManualClock;
let accounts: Accounts;
let registered: string[];

interface Changes {
  hasher?: PasswordHasher;
  limits?: AttemptLimits | null;
  minPasswordLength?: number;
}

async function openAccounts({ hasher, limits = null, minPasswordLength = 8 }: Changes = {}): Promise<void> {
  await store?.close();
  store = await openStore(directory);
  registered = [];
  accounts = new Accounts({
    store,
    hasher: hasher ?? new PasswordHasher(),
    sessions: new Sessions(store, clock, randomBytes),
    limits,
    minPasswordLength,
    onRegistered: (user) => registered.push(user),
  });
}

beforeEach(async () => {
  directory = tempDirectory();
  clock = new ManualClock();
  await openAccounts();
  await accounts.register("Alan", password, here);
  return () => store.close();
});

async function tokenOf(user: string, usersPassword = password): Promise<string> {
  const entered = await accounts.login(user, usersPassword, here);
  if (!entered.ok) throw new Error(entered.code);
  return entered.token;
}

const change = (changes: object) =>
  accounts.changePassword({
    user: "Alan",
    token: "none",
    oldPassword: password,
    newPassword: "another horse",
    address: here,
    ...changes,
  });

it("does not look up a name that is not valid", async () => {
  store.findAccount = () => Promise.reject(new StoreError("no byte 0 in a text"));
  expect(await accounts.login("\0", password, here)).toEqual({ ok: false, code: "BAD_CREDENTIALS" });
});

describe("adduser", () => {
  it("keeps the name as it was registered, and reports the new user", async () => {
    expect(await accounts.register("Beto", password, here)).toEqual({ ok: true, user: "Beto" });
    expect(registered).toEqual(["Alan", "Beto"]);
    expect(await accounts.login("bETO", password, here)).toMatchObject({ ok: true, user: "Beto" });
  });

  it.each([
    ["alan", password, "USER_EXISTS"],
    ["ALAN", "short", "USER_EXISTS"],
    ["", password, "BAD_NAME"],
    ["José", password, "BAD_NAME"],
    ["a b", "short", "BAD_NAME"],
    ["a".repeat(33), password, "BAD_NAME"],
    ["beto", "1234567", "BAD_PASSWORD"],
    ["beto", "tab\tinside it", "BAD_PASSWORD"],
    ["beto", "next line \u0085", "BAD_PASSWORD"],
    ["beto", "x".repeat(129), "BAD_PASSWORD"],
    ["beto", "é".repeat(65), "BAD_PASSWORD"],
  ])("of %j with %j is %s", async (user, newPassword, code) => {
    expect(await accounts.register(user, newPassword, here)).toEqual({ ok: false, code });
  });

  it.each([
    ["x".repeat(128), 8],
    ["éééé", 8],
    ["a", 1],
  ])("accepts the password %j when the minimum is %i bytes", async (newPassword, minPasswordLength) => {
    await openAccounts({ minPasswordLength });
    expect(await accounts.register("beto", newPassword, here)).toMatchObject({ ok: true });
    expect(await accounts.login("beto", newPassword, here)).toMatchObject({ ok: true });
  });

  it("twice at the same time makes one account", async () => {
    const both = await Promise.all([
      accounts.register("beto", password, here),
      accounts.register("BETO", "another one", here),
    ]);
    expect(both.map((answer) => (answer.ok ? "ok" : answer.code)).sort()).toEqual(["USER_EXISTS", "ok"]);
  });

  it("stores an argon2id hash, never the password", async () => {
    const account = await store.findAccount("alan");
    expect(account?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});

describe("login", () => {
  it("gives the same answer to an unknown user and a wrong password", async () => {
    const refused = { ok: false, code: "BAD_CREDENTIALS" };
    expect(await accounts.login("alan", "wrong", here)).toEqual(refused);
    expect(await accounts.login("nobody", password, here)).toEqual(refused);
    expect(await accounts.login("no such name;\n", "", here)).toEqual(refused);
  });

  it("returns a token of 32 bytes, and stores only its hash", async () => {
    const token = await tokenOf("alan");
    expect(fromBase64url(token, TOKEN_BYTES)).not.toBeNull();
    expect(await store.findSession(token)).toBeNull();
  });

  it("does not check the length of the password", async () => {
    expect(await accounts.login("alan", "x".repeat(3_000), here)).toEqual({
      ok: false,
      code: "BAD_CREDENTIALS",
    });
  });

  it("is refused at once when the queue is full", async () => {
    await openAccounts({ hasher: new PasswordHasher({ concurrency: 1, maxWaiting: 2 }) });
    const all = await Promise.all(Array.from({ length: 5 }, () => accounts.login("alan", password, here)));
    expect(all.map((answer) => answer.ok)).toEqual([true, true, true, false, false]);
    expect(all[4]).toEqual({ ok: false, code: "TRY_LATER", seconds: 1 });
  });

  it("checkPassword starts no session", async () => {
    const token = await tokenOf("alan");
    expect(await accounts.checkPassword("ALAN", password, here)).toMatchObject({ ok: true, user: "Alan" });
    expect(await accounts.resume(token)).toMatchObject({ ok: true });
  });
});

describe("resume", () => {
  it("accepts the token for 24 h, also after a restart, and returns it again", async () => {
    const token = await tokenOf("alan");
    clock.advance(DAY_MS - 1);
    await openAccounts();
    expect(await accounts.resume(token)).toEqual({ ok: true, user: "Alan", token });
    clock.advance(1);
    expect(await accounts.resume(token)).toEqual({ ok: false, code: "BAD_TOKEN" });
  });

  it("refuses a token that a newer login or a logout ended", async () => {
    const older = await tokenOf("alan");
    const newer = await tokenOf("alan");
    expect(await accounts.resume(older)).toEqual({ ok: false, code: "BAD_TOKEN" });
    expect(await accounts.resume(newer)).toMatchObject({ ok: true });
    expect(await accounts.revoke(newer)).toEqual({ ok: true });
    expect(await accounts.resume(newer)).toEqual({ ok: false, code: "BAD_TOKEN" });
    expect(await accounts.resume("")).toEqual({ ok: false, code: "BAD_TOKEN" });
  });
});

describe("passwd", () => {
  it("replaces the old password and keeps the session that asked for it", async () => {
    const token = await tokenOf("alan");
    expect(await change({ token })).toEqual({ ok: true });
    expect(await accounts.resume(token)).toMatchObject({ ok: true });
    expect(await accounts.login("alan", password, here)).toEqual({ ok: false, code: "BAD_CREDENTIALS" });
    expect(await tokenOf("alan", "another horse")).toBeTruthy();
  });

  it("of a session that has ended changes nothing", async () => {
    const older = await tokenOf("alan");
    const newer = await tokenOf("alan");
    expect(await change({ token: older })).toEqual({ ok: false, code: "NOT_LOGGED_IN" });
    expect(await accounts.resume(newer)).toMatchObject({ ok: true });
    expect(await accounts.login("alan", password, here)).toMatchObject({ ok: true });
  });

  it("and a login with the old password at the same time never both succeed", async () => {
    for (let round = 0; round < 5; round++) {
      const now = round % 2 === 0 ? password : "another horse";
      const next = round % 2 === 0 ? "another horse" : password;
      const token = await tokenOf("alan", now);
      const changing = change({ token, oldPassword: now, newPassword: next });
      const entering = accounts.login("alan", now, here);
      const [changed, entered] = await Promise.all([changing, entering]);
      expect(changed.ok).toBe(!entered.ok);
      if (!changed.ok)
        await change({ token: await tokenOf("alan", now), oldPassword: now, newPassword: next });
    }
  });

  it.each([
    [{ oldPassword: "wrong", newPassword: "wrong" }, "BAD_CREDENTIALS"],
    [{ newPassword: password }, "SAME_PASSWORD"],
    [{ newPassword: "short" }, "BAD_PASSWORD"],
  ])("with %o is %s", async (changes, code) => {
    expect(await change(changes)).toEqual({ ok: false, code });
  });

  it("reports SAME_PASSWORD before it checks the length", async () => {
    await openAccounts({ minPasswordLength: 1 });
    await accounts.register("beto", "b", here);
    await openAccounts();
    const same = { user: "beto", oldPassword: "b", newPassword: "b" };
    expect(await change(same)).toEqual({ ok: false, code: "SAME_PASSWORD" });
  });
});

describe("attempt limits", () => {
  beforeEach(() => openAccounts({ limits: new AttemptLimits(clock) }));

  it("stop guessing at the tenth failure, for login and passwd alike, and only from that address", async () => {
    const attempts = Array.from({ length: 12 }, (_, index) =>
      index % 2 ? accounts.login("alan", "wrong", here) : change({ oldPassword: "wrong" }),
    );
    const codes = (await Promise.all(attempts)).map((answer) => (answer.ok ? "ok" : answer.code));
    expect(codes.filter((code) => code === "BAD_CREDENTIALS")).toHaveLength(10);
    expect(await accounts.login("alan", password, here)).toEqual({
      ok: false,
      code: "TRY_LATER",
      seconds: 60,
    });
    expect(await accounts.login("alan", password, "10.0.0.2")).toMatchObject({ ok: true });
    clock.advance(60_000);
    expect(await accounts.login("alan", password, here)).toMatchObject({ ok: true });
  });

  it("allow ten new users a minute from one address", async () => {
    for (let index = 0; index < 10; index++) await accounts.register(`user${index}`, "short", here);
    const refused = { ok: false, code: "TRY_LATER", seconds: 60 };
    expect(await accounts.register("beto", password, here)).toEqual(refused);
    expect(await accounts.register("beto", password, "10.0.0.2")).toMatchObject({ ok: true });
  });
});

it("a change that could not be stored is answered TRY_LATER", async () => {
  const refuse = () => Promise.reject(new StoreError("the write was not kept"));
  Object.assign(store, {
    addAccount: refuse,
    saveSession: refuse,
    changePassword: refuse,
    endSession: refuse,
  });
  const tryLater = { ok: false, code: "TRY_LATER", seconds: 5 };
  expect(await accounts.register("beto", password, here)).toEqual(tryLater);
  expect(await accounts.login("alan", password, here)).toEqual(tryLater);
  expect(await change({})).toEqual(tryLater);
  expect(await accounts.revoke("token")).toEqual(tryLater);
});
