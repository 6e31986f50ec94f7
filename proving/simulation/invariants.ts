// What must hold in a simulated run: at any moment, and after all faults have ended.
import { isSameUser, userKey } from "../../src/game/user-name.ts";
import { outcomeFor, pointsFor } from "../../src/server/results/settlement.ts";
import type { PlayerMachine } from "./player-machine.ts";
import type { MatchRow, ServerDisk } from "./server-disk.ts";
import { hashed, type SimulatedServer } from "./simulated-server.ts";
import { hasCrossed, type Witness } from "./witness.ts";

const symbols = ["X", "O"] as const;

/** Points follow from the outcomes; a user is playing exactly while having an open match. */
export function checkStanding(disk: ServerDisk, server: SimulatedServer | null, witness: Witness): void {
  const services = server?.services;
  if (!services || !server?.store.isIdle) return;
  for (const { user, points } of disk.accounts.values()) {
    const earned = pointsEarned(disk, user);
    if (points !== earned)
      witness.report(`${user} has ${points} points on disk, but the outcomes give ${earned}`);
    const shown = server.leaderboard.pointsOf(user);
    if (points !== shown) witness.report(`${user} has ${points} points on disk, but leaders shows ${shown}`);
    const isPlaying = services.desk.lobby.isPlaying(user);
    const hasMatch = [...disk.matches.values()].some((match) => isOn(match, user));
    if (isPlaying && !hasMatch) witness.report(`${user} is playing without a match`);
    if (hasMatch && !isPlaying) witness.report(`${user} has a match and is not playing`);
  }
}

/** What is still to be settled, null when nothing is. */
export function whatIsUnsettled(
  disk: ServerDisk,
  server: SimulatedServer | null,
  players: readonly PlayerMachine[],
): string | null {
  const services = server?.services;
  if (!services || !server?.store.isIdle) return "the server is not running";
  const open = [...disk.matches.values()].find(({ verdict }) => verdict === null);
  if (open) return `match ${open.matchId} is open`;
  for (const { client, disk: own, host, isLeftForGood } of players) {
    if (isLeftForGood) {
      if (services.desk.lobby.playerNamed(host)) return `${host} has left and is still listed`;
      continue;
    }
    if (!client) return `${host}'s client is not running`;
    const { phase, question, isWaiting } = client.session;
    if (phase !== "logged-in" || question || isWaiting)
      return `${host}'s client is ${phase}${question ? ", asks" : ""}${isWaiting ? ", waits" : ""}`;
    if (!own.isEmptyOfMatches) return `${host}'s client still stores a match`;
    if (!services.desk.lobby.playerNamed(host)) return `${host} is not listed`;
  }
  return null;
}

/** Call it when everything is settled. */
export function checkEnd(
  disk: ServerDisk,
  server: SimulatedServer | null,
  players: readonly PlayerMachine[],
  witness: Witness,
): void {
  checkStanding(disk, server, witness);
  for (const match of disk.matches.values()) checkClaims(match, witness);
  for (const { person, host } of players) {
    const account = disk.accounts.get(userKey(host));
    const isKnown = person.possiblePasswords.some((password) => hashed(password) === account?.passwordHash);
    if (account && !isKnown) witness.report(`the password of ${host} was never acknowledged`);
  }
}

/** Both players have the same finished board, or one of them has none; a proven outcome is what they claimed. */
function checkClaims(match: MatchRow, witness: Witness): void {
  const { X, O } = witness.claims.get(match.matchId) ?? {};
  const hasEnded = (claim: { claim: string } | undefined) =>
    claim !== undefined && claim.claim !== "ABANDONED";
  if (X && O && hasEnded(X) && hasEnded(O)) {
    const isSame = X.actions.join() === O.actions.join();
    if (!isSame && !hasCrossed(X.actions, O.actions))
      witness.report(`match ${match.matchId}: the players' boards differ`);
    if (!isSame) return;
  }
  const { verdict } = match;
  if (verdict?.basis !== "proof") return;
  for (const symbol of symbols) {
    const claim = symbol === "X" ? X : O;
    const proven = outcomeFor(symbol, verdict.outcome);
    if (claim && hasEnded(claim) && claim.claim !== proven)
      witness.report(`match ${match.matchId}: ${symbol} claimed ${claim.claim}, but ${proven} is recorded`);
  }
}

/** The match has no outcome, and the user has not abandoned it. */
function isOn({ inviter, invitee, verdict, hasAbandoned }: MatchRow, user: string): boolean {
  if (verdict !== null) return false;
  if (isSameUser(inviter, user)) return !hasAbandoned.X;
  return isSameUser(invitee, user) && !hasAbandoned.O;
}

function pointsEarned(disk: ServerDisk, user: string): number {
  let points = 0;
  for (const { inviter, invitee, verdict } of disk.matches.values()) {
    if (verdict && isSameUser(inviter, user)) points += pointsFor(outcomeFor("X", verdict.outcome));
    if (verdict && isSameUser(invitee, user)) points += pointsFor(outcomeFor("O", verdict.outcome));
  }
  return points;
}
