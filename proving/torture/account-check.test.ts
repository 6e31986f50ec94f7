import { describe, expect, it } from "vitest";
import { hashOfToken } from "../../src/server/accounts/sessions.ts";
import { checkAccount, type KeptAccount } from "./account-check.ts";
import type { Request, RequestDetails, RequestOutcome } from "./history.ts";

const unknown: RequestOutcome = { kind: "unknown" };
const acknowledged: RequestOutcome = { kind: "acknowledged" };
const refused = (code: string): RequestOutcome => ({ kind: "refused", code });
const given = (token: string): RequestOutcome => ({ kind: "acknowledged", token });

const request = (details: RequestDetails, outcome: RequestOutcome): Request => ({
  user: "alan",
  details,
  outcome,
});
const adduser = (password: string, outcome: RequestOutcome) =>
  request({ kind: "adduser", password }, outcome);
const login = (password: string, outcome: RequestOutcome) => request({ kind: "login", password }, outcome);
const resume = (token: string, outcome: RequestOutcome) => request({ kind: "resume", token }, outcome);
const passwd = (oldPassword: string, newPassword: string, outcome: RequestOutcome) =>
  request({ kind: "passwd", oldPassword, newPassword }, outcome);
const logout = (outcome: RequestOutcome) => request({ kind: "logout" }, outcome);

const kept = (password: string, token: string | null = null): KeptAccount => ({
  passwordHash: `hash of ${password}`,
  tokenHash: token && hashOfToken(token),
});
const fits = async (hash: string, password: string) => hash === `hash of ${password}`;

const here = [adduser("one", acknowledged), login("one", given("t1"))];

describe("accepts a store that the answers allow:", () => {
  it.each<[string, Request[], KeptAccount | null]>([
    ["everything was acknowledged and is in the store", here, kept("one", "t1")],
    ["a registration without an answer did not happen", [adduser("one", unknown)], null],
    ["a registration without an answer happened", [adduser("one", unknown)], kept("one")],
    [
      "a registration without an answer shows when it is repeated",
      [adduser("one", unknown), adduser("one", refused("USER_EXISTS"))],
      kept("one"),
    ],
    ["a registration was refused", [adduser("one", refused("TRY_LATER"))], null],
    [
      "a change of password without an answer did not happen",
      [...here, passwd("one", "two", unknown)],
      kept("one", "t1"),
    ],
    [
      "a change of password without an answer happened, once or twice",
      [...here, passwd("one", "two", unknown), passwd("two", "three", unknown)],
      kept("three", "t1"),
    ],
    [
      "a login shows that a change of password did not happen",
      [
        ...here,
        passwd("one", "two", unknown),
        login("two", refused("BAD_CREDENTIALS")),
        login("one", given("t2")),
      ],
      kept("one", "t2"),
    ],
    [
      "a login without an answer ended the previous session",
      [...here, login("one", unknown)],
      kept("one", "t9"),
    ],
    ["a login without an answer did not happen", [...here, login("one", unknown)], kept("one", "t1")],
    ["a logout without an answer happened", [...here, logout(unknown)], kept("one")],
    [
      "a refused token shows that the logout happened",
      [...here, logout(unknown), resume("t1", refused("BAD_TOKEN"))],
      kept("one"),
    ],
    [
      "an accepted token shows that the logout did not happen",
      [...here, logout(unknown), resume("t1", given("t1"))],
      kept("one", "t1"),
    ],
  ])("%s", async (_, requests, atEnd) => {
    expect(await checkAccount("alan", requests, atEnd, fits)).toEqual([]);
  });
});

describe("reports what the answers rule out:", () => {
  it.each<[string, string, Request[], KeptAccount | null]>([
    ["lost", "the account is not in the store", here, null],
    ["lost", "the password acknowledged is not in the store", here, kept("two", "t1")],
    [
      "lost",
      "the password acknowledged is not in the store",
      [...here, passwd("one", "two", acknowledged)],
      kept("one", "t1"),
    ],
    ["lost", "the token acknowledged is not in the store", here, kept("one")],
    ["lost", "the token acknowledged is not in the store", here, kept("one", "t0")],
    [
      "lost",
      "the token acknowledged is not in the store",
      [...here, logout(acknowledged)],
      kept("one", "t1"),
    ],
    [
      "lost",
      "the token acknowledged last was refused",
      [...here, resume("t1", refused("BAD_TOKEN"))],
      kept("one"),
    ],
    [
      "lost",
      "could be registered again",
      [adduser("one", acknowledged), adduser("one", acknowledged)],
      kept("one"),
    ],
    [
      "lost",
      "a login refused the password acknowledged last",
      [...here, login("one", refused("BAD_CREDENTIALS"))],
      kept("one", "t1"),
    ],
    [
      "lost",
      "a change of password refused the password acknowledged last",
      [...here, passwd("one", "two", refused("BAD_CREDENTIALS"))],
      kept("one", "t1"),
    ],
    ["false", "existed before it was registered", [adduser("one", refused("USER_EXISTS"))], kept("one")],
    ["false", "is in the store, but nobody registered it", [], kept("one")],
    [
      "false",
      "a login accepted a password that was never set, or was replaced",
      [...here, passwd("one", "two", acknowledged), login("one", given("t2"))],
      kept("one", "t2"),
    ],
    [
      "false",
      "resumed with a token that had been revoked",
      [...here, logout(acknowledged), resume("t1", given("t1"))],
      kept("one", "t1"),
    ],
  ])("%s: %s", async (kind, what, requests, atEnd) => {
    expect(await checkAccount("alan", requests, atEnd, fits)).toContainEqual({ kind, what: `alan: ${what}` });
  });
});
