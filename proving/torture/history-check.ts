// Compares the whole history with the store: nothing acknowledged is missing, nothing is counted twice. Pure.
import { isSameUser, userKey } from "../../src/game/user-name.ts";
import type { Outcome } from "../../src/protocol/fields.ts";
import { outcomeFor, pointsFor } from "../../src/server/results/settlement.ts";
import type { MatchOutcome } from "../../src/server/store/store.ts";
import { checkAccount, type Finding, type Fits, finding } from "./account-check.ts";
import type { History, ReportedOutcome, Request, RequestKind } from "./history.ts";
import type { KeptMatch, StoreContents } from "./store-contents.ts";

export async function checkHistory(history: History, store: StoreContents, fits: Fits): Promise<Finding[]> {
  const accounts = await checkAccounts(history, store, fits);
  return [...accounts, ...checkMatches(history, store), ...checkPoints(store)];
}

async function checkAccounts(history: History, store: StoreContents, fits: Fits): Promise<Finding[]> {
  const requests = byUser(history.requests);
  const hashes = new Map(store.accounts.map(({ user, passwordHash }) => [userKey(user), passwordHash]));
  const tokens = new Map(store.sessions.map(({ user, tokenHash }) => [userKey(user), tokenHash]));
  const findings: Finding[] = [];
  for (const user of new Set([...requests.keys(), ...hashes.keys()])) {
    const passwordHash = hashes.get(user);
    const kept = passwordHash === undefined ? null : { passwordHash, tokenHash: tokens.get(user) ?? null };
    findings.push(...(await checkAccount(user, requests.get(user) ?? [], kept, fits)));
  }
  return findings;
}

function checkMatches({ requests, tickets, outcomes }: History, { matches }: StoreContents): Finding[] {
  const kept = new Map(matches.map((match) => [match.matchId, match]));
  const findings = [...tickets]
    .filter((matchId) => !kept.has(matchId))
    .map((matchId) => finding("lost", `match ${matchId}: its ticket was sent, but it is not in the store`));
  for (const reported of outcomes) findings.push(...checkReported(reported, kept.get(reported.matchId)));
  for (const { user, details, outcome } of requests) {
    if (details.kind === "result" && outcome.kind === "refused" && !harmless.has(outcome.code))
      findings.push(
        finding("lost", `match ${details.matchId}: ${user}'s result was refused: ${outcome.code}`),
      );
  }
  return [...findings, ...matches.flatMap(checkProof)];
}

/** After these refusals the client sends the same result again. */
const harmless = new Set(["NOT_LOGGED_IN", "TRY_LATER"]);

function checkReported(
  { user, matchId, outcome, points }: ReportedOutcome,
  match: KeptMatch | undefined,
): Finding[] {
  if (!match)
    return [finding("lost", `match ${matchId}: ${user} was told ${outcome}, but it is not in the store`)];
  if (outcome === "PENDING") return [];
  const symbol = isSameUser(user, match.inviter) ? "X" : "O";
  const kept = match.outcome && outcomeFor(symbol, match.outcome);
  if (kept === outcome && points === pointsFor(outcome as Outcome)) return [];
  return [
    finding("lost", `match ${matchId}: ${user} was told ${outcome}, but the store has ${kept ?? "none"}`),
  ];
}

/** All bots play honestly: an outcome by proof has a transcript that proves it, and none that proves another. */
function checkProof({ matchId, outcome, basis, proved }: KeptMatch): Finding[] {
  const others = proved.filter((each) => each !== outcome);
  if (others.length > 0)
    return [finding("false", `match ${matchId}: is ${outcome}, but a transcript proves ${others[0]}`)];
  if (basis === "proof" && proved.length === 0)
    return [finding("false", `match ${matchId}: is ${outcome}, but no transcript proves it`)];
  return basis === "fork"
    ? [finding("false", `match ${matchId}: an honest player is recorded as having forked`)]
    : [];
}

/** Points come from the outcomes of matches alone. */
function checkPoints({ accounts, matches }: StoreContents): Finding[] {
  const earned = new Map<string, number>();
  for (const { inviter, invitee, outcome } of matches) {
    if (outcome === null) continue;
    add(earned, inviter, pointsOf("X", outcome));
    add(earned, invitee, pointsOf("O", outcome));
  }
  return accounts.flatMap(({ user, points }) => {
    const due = earned.get(userKey(user)) ?? 0;
    if (points === due) return [];
    const what = `${user}: has ${points} points, but the matches gave ${due}`;
    return [finding(points > due ? "doubled" : "lost", what)];
  });
}

function pointsOf(symbol: "X" | "O", outcome: MatchOutcome): number {
  return pointsFor(outcomeFor(symbol, outcome));
}

function add(sums: Map<string, number>, user: string, points: number): void {
  const key = userKey(user);
  sums.set(key, (sums.get(key) ?? 0) + points);
}

function byUser(requests: readonly Request[]): Map<string, Request[]> {
  const groups = new Map<string, Request[]>();
  for (const request of requests) {
    const key = userKey(request.user);
    const group = groups.get(key);
    if (group) group.push(request);
    else groups.set(key, [request]);
  }
  return groups;
}

export interface RequestCount {
  acknowledged: number;
  refused: number;
  unknown: number;
}

export const requestKinds: readonly RequestKind[] = [
  "adduser",
  "login",
  "resume",
  "passwd",
  "logout",
  "answer",
  "result",
];

/** How many requests of each kind were acknowledged, refused and left unanswered. */
export function countRequests({ requests }: History): Record<RequestKind, RequestCount> {
  const counts = Object.fromEntries(
    requestKinds.map((kind) => [kind, { acknowledged: 0, refused: 0, unknown: 0 }]),
  ) as Record<RequestKind, RequestCount>;
  for (const { details, outcome } of requests) counts[details.kind][outcome.kind] += 1;
  return counts;
}
