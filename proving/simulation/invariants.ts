// What must hold in a simulated run: at any moment, and when all trouble is over.
import { outcomeFor, pointsFor } from "../../src/server/results/settlement.ts";
import type { Seat } from "./seat.ts";
import { keyOf, type MatchRow, type ServerDisk } from "./server-disk.ts";
import { hashed, type SimulatedServer } from "./simulated-server.ts";
import { hasCrossed, type Witness } from "./witness.ts";

const symbols = ["X", "O"] as const;

/** Points are what the outcomes give; who plays has a match, and who has a match plays. */
export function checkStanding(disk: ServerDisk, server: SimulatedServer | null, witness: Witness): void {
  const services = server?.services;
  if (!services || !server?.store.isIdle) return;
  for (const { user, points } of disk.accounts.values()) {
    const earned = pointsEarned(disk, user);
    if (points !== earned)
      witness.accuse(`${user} has ${points} points on disk, and the outcomes give ${earned}`);
    const shown = server.leaderboard.pointsOf(user);
    if (points !== shown) witness.accuse(`${user} has ${points} points on disk, and leaders shows ${shown}`);
    const isPlaying = services.desk.lobby.isPlaying(user);
    const hasMatch = [...disk.matches.values()].some((match) => isOn(match, user));
    if (isPlaying && !hasMatch) witness.accuse(`${user} is playing without a match`);
    if (hasMatch && !isPlaying) witness.accuse(`${user} has a match and is not playing`);
  }
}

/** Null when nothing is left to come. */
export function whatIsUnsettled(
  disk: ServerDisk,
  server: SimulatedServer | null,
  seats: readonly Seat[],
): string | null {
  const services = server?.services;
  if (!services || !server?.store.isIdle) return "the server is not there";
  const open = [...disk.matches.values()].find(({ verdict }) => verdict === null);
  if (open) return `match ${open.matchId} is open`;
  for (const { client, disk: own, host, isLeftForGood } of seats) {
    if (isLeftForGood) {
      if (services.desk.lobby.playerNamed(host)) return `${host} is gone, and listed`;
      continue;
    }
    if (!client) return `${host}'s client does not run`;
    const { phase, question, isWaiting } = client.session;
    if (phase !== "logged-in" || question || isWaiting)
      return `${host}'s client is ${phase}${question ? ", asks" : ""}${isWaiting ? ", waits" : ""}`;
    if (!own.isEmptyOfMatches) return `${host}'s client still keeps a match`;
    if (!services.desk.lobby.playerNamed(host)) return `${host} is not listed`;
  }
  return null;
}

/** When nothing is left to come. */
export function checkEnd(
  disk: ServerDisk,
  server: SimulatedServer | null,
  seats: readonly Seat[],
  witness: Witness,
): void {
  checkStanding(disk, server, witness);
  for (const match of disk.matches.values()) checkClaims(match, witness);
  for (const { person, host } of seats) {
    const account = disk.accounts.get(keyOf(host));
    const isKnown = person.possiblePasswords.some((password) => hashed(password) === account?.passwordHash);
    if (account && !isKnown) witness.accuse(`${host}'s password is none that was acknowledged`);
  }
}

/** Both players hold the same finished board, or one of them none; and a proven outcome is what they claimed. */
function checkClaims(match: MatchRow, witness: Witness): void {
  const { X, O } = witness.claims.get(match.matchId) ?? {};
  const hasEnded = (claim: { claim: string } | undefined) =>
    claim !== undefined && claim.claim !== "ABANDONED";
  if (X && O && hasEnded(X) && hasEnded(O)) {
    const isSame = X.actions.join() === O.actions.join();
    if (!isSame && !hasCrossed(X.actions, O.actions))
      witness.accuse(`match ${match.matchId}: the players' boards differ`);
    if (!isSame) return;
  }
  const { verdict } = match;
  if (verdict?.basis !== "proof") return;
  for (const symbol of symbols) {
    const claim = symbol === "X" ? X : O;
    const proven = outcomeFor(symbol, verdict.outcome);
    if (claim && hasEnded(claim) && claim.claim !== proven)
      witness.accuse(`match ${match.matchId}: ${symbol} claimed ${claim.claim}, and ${proven} is recorded`);
  }
}

/** Without an outcome, and the user has not been answered PENDING. */
function isOn({ inviter, invitee, verdict, hasAbandoned }: MatchRow, user: string): boolean {
  if (verdict !== null) return false;
  if (keyOf(inviter) === keyOf(user)) return !hasAbandoned.X;
  return keyOf(invitee) === keyOf(user) && !hasAbandoned.O;
}

function pointsEarned(disk: ServerDisk, user: string): number {
  let points = 0;
  for (const { inviter, invitee, verdict } of disk.matches.values()) {
    if (verdict && keyOf(inviter) === keyOf(user)) points += pointsFor(outcomeFor("X", verdict.outcome));
    if (verdict && keyOf(invitee) === keyOf(user)) points += pointsFor(outcomeFor("O", verdict.outcome));
  }
  return points;
}
