// Checks one user's account, password and session: follows the requests and answers, tracks every state that the server
// may be in, and reports an answer, or a store at the end, that fits none of them. Pure.
import { hashOfToken } from "../../src/server/accounts/sessions.ts";
import type { Request, RequestOutcome } from "./history.ts";

/** `lost`: acknowledged, and missing. `doubled`: counted more than once. `false`: wrong in another way. */
export interface Finding {
  readonly kind: "lost" | "doubled" | "false";
  readonly what: string;
}

export function finding(kind: Finding["kind"], what: string): Finding {
  return { kind, what };
}

export interface KeptAccount {
  readonly passwordHash: string;
  /** null: no session. */
  readonly tokenHash: string | null;
}

export type Fits = (passwordHash: string, password: string) => Promise<boolean>;

/** A session whose token never arrived, and no session. */
const UNSEEN = "(a token that never arrived)";
const NONE = "(no session)";

interface Possible {
  existence: "no" | "maybe" | "yes";
  readonly passwords: Set<string>;
  /** Empty after a contradiction: any token is possible then. */
  tokens: Set<string>;
}

/** `requests` are the user's, in order; `kept` is the account in the store, null if there is none. */
export async function checkAccount(
  user: string,
  requests: readonly Request[],
  kept: KeptAccount | null,
  fits: Fits,
): Promise<Finding[]> {
  const possible: Possible = { existence: "no", passwords: new Set(), tokens: new Set([NONE]) };
  const findings: Finding[] = [];
  for (const request of requests) {
    const wrong = step(possible, request);
    if (wrong) findings.push({ ...wrong, what: `${user}: ${wrong.what}` });
  }
  const atEnd = await compareWithStore(possible, kept, fits);
  return [...findings, ...atEnd.map(({ kind, what }) => ({ kind, what: `${user}: ${what}` }))];
}

/** An answer narrows what is possible; a missing answer widens it. */
function step(possible: Possible, { details, outcome }: Request): Finding | null {
  switch (details.kind) {
    case "adduser":
      return register(possible, details.password, outcome);
    case "login":
      return logIn(possible, details.password, outcome);
    case "passwd":
      return changePassword(possible, details.oldPassword, details.newPassword, outcome);
    case "resume":
      return resume(possible, details.token, outcome);
    case "logout":
      if (outcome.kind === "acknowledged") possible.tokens = new Set([NONE]);
      else if (outcome.kind === "unknown") possible.tokens.add(NONE);
      return null;
    default:
      return null;
  }
}

function register(possible: Possible, password: string, outcome: RequestOutcome): Finding | null {
  const before = possible.existence;
  if (outcome.kind === "unknown") {
    if (before !== "yes") possible.passwords.add(password);
    if (before === "no") possible.existence = "maybe";
  } else if (outcome.kind === "acknowledged") {
    possible.existence = "yes";
    possible.passwords.clear();
    possible.passwords.add(password);
    if (before === "yes") return finding("lost", "could be registered again");
  } else if (outcome.code === "USER_EXISTS") {
    possible.existence = "yes";
    if (before === "no") return finding("false", "existed before it was registered");
  }
  return null;
}

function logIn(possible: Possible, password: string, outcome: RequestOutcome): Finding | null {
  if (outcome.kind === "unknown") possible.tokens.add(UNSEEN);
  else if (outcome.kind === "acknowledged") {
    possible.tokens = new Set([outcome.token ?? UNSEEN]);
    return confirm(possible, password, "a login");
  } else if (outcome.code === "BAD_CREDENTIALS") return exclude(possible, password, "a login");
  return null;
}

function changePassword(
  possible: Possible,
  oldPassword: string,
  newPassword: string,
  outcome: RequestOutcome,
): Finding | null {
  if (outcome.kind === "unknown") possible.passwords.add(newPassword);
  else if (outcome.kind === "acknowledged") {
    const wrong = confirm(possible, oldPassword, "a change of password");
    possible.passwords.clear();
    possible.passwords.add(newPassword);
    return wrong;
  } else if (outcome.code === "BAD_CREDENTIALS")
    return exclude(possible, oldPassword, "a change of password");
  return null;
}

function resume(possible: Possible, token: string, outcome: RequestOutcome): Finding | null {
  const { tokens } = possible;
  if (outcome.kind === "acknowledged") {
    const isKnown = tokens.size === 0 || tokens.has(token);
    possible.tokens = new Set([token]);
    return isKnown ? null : finding("false", "resumed with a token that had been revoked");
  }
  if (outcome.kind !== "refused" || outcome.code !== "BAD_TOKEN") return null;
  const wasSure = tokens.size === 1 && tokens.has(token);
  tokens.delete(token);
  return wasSure ? finding("lost", "the token acknowledged last was refused") : null;
}

/** The password was right. */
function confirm(possible: Possible, password: string, where: string): Finding | null {
  const isPossible = possible.passwords.has(password);
  possible.existence = "yes";
  possible.passwords.clear();
  possible.passwords.add(password);
  return isPossible
    ? null
    : finding("false", `${where} accepted a password that was never set, or was replaced`);
}

/** The password was wrong, or there is no such account. */
function exclude(possible: Possible, password: string, where: string): Finding | null {
  const wasSure = possible.existence === "yes" && possible.passwords.size === 1;
  if (wasSure && possible.passwords.has(password))
    return finding("lost", `${where} refused the password acknowledged last`);
  possible.passwords.delete(password);
  return null;
}

async function compareWithStore(
  { existence, passwords, tokens }: Possible,
  kept: KeptAccount | null,
  fits: Fits,
): Promise<Finding[]> {
  if (!kept) return existence === "yes" ? [finding("lost", "the account is not in the store")] : [];
  if (existence === "no") return [finding("false", "is in the store, but nobody registered it")];
  const findings: Finding[] = [];
  const fitting = await Promise.all([...passwords].map((password) => fits(kept.passwordHash, password)));
  if (!fitting.includes(true))
    findings.push(finding("lost", "the password acknowledged is not in the store"));
  const hasToken = [...tokens].some((token) =>
    token === NONE ? kept.tokenHash === null : kept.tokenHash === hashOfToken(token),
  );
  if (tokens.size > 0 && !hasToken && !(tokens.has(UNSEEN) && kept.tokenHash !== null))
    findings.push(finding("lost", "the token acknowledged is not in the store"));
  return findings;
}
