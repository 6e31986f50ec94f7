// Compares the whole history with the store: nothing acknowledged is missing, nothing is counted twice. Pure.
import type { Outcome } from "../../src/protocol/fields.ts";
import { outcomeFor, pointsFor } from "../../src/server/results/settlement.ts";
import type { MatchOutcome } from "../../src/server/store/store.ts";
import { checkAccount, type Finding, type Fits, finding } from "./account-check.ts";

import type { Asked, History, ReportedOutcome, Request } from "./history.ts";
import type { KeptMatch, StoreContents } from "./store-contents.ts";

export async function checkHistory(history: History, store: StoreContents, fits: Fits): Promise<Finding[]> {
  const accounts = await checkAccounts(history, store, fits);
  return [...accounts, ...checkMatches(history, store), ...checkPoints(store)];
}

async function checkAccounts(history: History, store: StoreContents, fits: Fits): Promise<Finding[]> {
  const asked = byUser(history.requests);
  const hashes = new Map(store.accounts.map(({ user, passwordHash }) => [user.toLowerCase(), passwordHash]));
  const tokens = new Map(store.sessions.map(({ user, tokenHash }) => [user.toLowerCase(), tokenHash]));
  const findings: Finding[] = [];
  for (const user of new Set([...asked.keys(), ...hashes.keys()])) {
    const passwordHash = hashes.get(user);
    const kept = passwordHash === undefined ? null : { passwordHash, tokenHash: tokens.get(user) ?? null };
    findings.push(...(await checkAccount(user, asked.get(user) ?? [], kept, fits)));
  }
  return findings;
}

function checkMatches({ requests, tickets, outcomes }: History, { matches }: StoreContents): Finding[] {
  const kept = new Map(matches.map((match) => [match.matchId, match]));
  const findings = [...tickets]
    .filter((matchId) => !kept.has(matchId))
    .map((matchId) => finding("lost", `match ${matchId}: its ticket was sent, and it is not in the store`));
  for (const told of outcomes) findings.push(...checkReported(told, kept.get(told.matchId)));
  for (const { user, asked, fate } of requests) {
    if (asked.kind === "result" && fate.kind === "refused" && !harmless.has(fate.code))
      findings.push(finding("lost", `match ${asked.matchId}: ${user}'s result was refused: ${fate.code}`));
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
    return [finding("lost", `match ${matchId}: ${user} was told ${outcome}, and it is not in the store`)];
  if (outcome === "PENDING") return [];
  const symbol = user.toLowerCase() === match.inviter.toLowerCase() ? "X" : "O";
  const kept = match.outcome && outcomeFor(symbol, match.outcome);
  if (kept === outcome && points === pointsFor(outcome as Outcome)) return [];
  return [
    finding("lost", `match ${matchId}: ${user} was told ${outcome}, and the store has ${kept ?? "none"}`),
  ];
}

/** All bots play honestly: an outcome by proof has a transcript that proves it, and none that proves another. */
function checkProof({ matchId, outcome, basis, proved }: KeptMatch): Finding[] {
  const others = proved.filter((each) => each !== outcome);
  if (others.length > 0)
    return [finding("false", `match ${matchId}: is ${outcome}, and a transcript proves ${others[0]}`)];
  if (basis === "proof" && proved.length === 0)
    return [finding("false", `match ${matchId}: is ${outcome}, and no transcript proves it`)];
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
    const due = earned.get(user.toLowerCase()) ?? 0;
    if (points === due) return [];
    const what = `${user}: has ${points} points, and the matches gave ${due}`;
    return [finding(points > due ? "doubled" : "lost", what)];
  });
}

function pointsOf(symbol: "X" | "O", outcome: MatchOutcome): number {
  return pointsFor(outcomeFor(symbol, outcome));
}

function add(sums: Map<string, number>, user: string, points: number): void {
  const key = user.toLowerCase();
  sums.set(key, (sums.get(key) ?? 0) + points);
}

function byUser(requests: readonly Request[]): Map<string, Request[]> {
  const groups = new Map<string, Request[]>();
  for (const request of requests) {
    const key = request.user.toLowerCase();
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

export const askedKinds: readonly Asked["kind"][] = [
  "adduser",
  "login",
  "resume",
  "passwd",
  "logout",
  "answer",
  "result",
];

/** How many requests of each kind were acknowledged, refused and left unanswered. */
export function countRequests({ requests }: History): Record<Asked["kind"], RequestCount> {
  const counts = Object.fromEntries(
    askedKinds.map((kind) => [kind, { acknowledged: 0, refused: 0, unknown: 0 }]),
  ) as Record<Asked["kind"], RequestCount>;
  for (const { asked, fate } of requests) counts[asked.kind][fate.kind] += 1;
  return counts;
}
