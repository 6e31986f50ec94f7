// How two clients of a scenario meet, play and leave, as people do, and the checks for both.
import { type Check, exitedCleanly, noResiduals, type Program, type ScenarioContext } from "fiel";
import { leave, type Server, signUp } from "./velha.ts";

/** X wins on the anti-diagonal with the seventh move. */
export const MOVES = ["2 2", "1 2", "1 1", "3 3", "3 1", "2 1", "1 3"];

export interface Players {
  /** The inviter, alan: X. */
  alan: Program;
  /** The invitee, beto: O. */
  beto: Program;
}

/** Both register, log in, and agree on a match. */
export async function meet(context: ScenarioContext, players: Players): Promise<void> {
  context.phase("login");
  await signUp(players.alan, "alan");
  await context.pause(400);
  await signUp(players.beto, "beto");
  await context.pause(400);
  await invite(context, players);
}

export async function invite(context: ScenarioContext, { alan, beto }: Players): Promise<void> {
  alan.type("begin beto");
  await beto.sees(/alan invites you to a match/);
  await context.pause(1_000);
  beto.type("y");
  await Promise.all([alan.sees(/^Match with beto/), beto.sees(/^Match with alan/)]);
}

/** Plays some of the moves, each after a pause, and sees them arrive. */
export async function play(
  context: ScenarioContext,
  { alan, beto }: Players,
  { from = 0, to = MOVES.length, paceMs = 500, asksDelay = false } = {},
): Promise<void> {
  for (const [index, move] of MOVES.entries()) {
    if (index < from || index >= to) continue;
    await context.pause(paceMs);
    const [mover, other] = index % 2 === 0 ? [alan, beto] : [beto, alan];
    mover.type(`send ${move}`);
    await Promise.all([
      mover.sees(new RegExp(`^You played ${move}`)),
      other.sees(new RegExp(` played ${move}`)),
    ]);
    if (asksDelay) mover.type("delay");
  }
}

export async function bothSee({ alan, beto }: Players, line: RegExp): Promise<void> {
  await Promise.all([alan.sees(line), beto.sees(line)]);
}

/** Both see how the match ended and decline a rematch; the result has counted once. */
export async function seeAlanWin({ alan, beto }: Players, limit: { withinMs?: number } = {}): Promise<void> {
  await Promise.all([alan.sees(/^You won! \+2/, limit), beto.sees(/^You lost/, limit)]);
  await Promise.all([declineRematch(alan), declineRematch(beto)]);
  await seePoints(beto, { alan: 2, beto: 0 });
}

export async function declineRematch(client: Program): Promise<void> {
  await client.sees(/Rematch\?/i);
  client.type("n");
}

/** The leaderboard shows exactly these points. */
export async function seePoints(client: Program, points: Record<string, number>): Promise<void> {
  client.type("leaders");
  await client.sees(/LEADERBOARD/);
  // Highest first, ties by name: the lines come in that order.
  const rows = Object.entries(points).sort(([one, ones], [other, others]) => {
    return others - ones || one.localeCompare(other);
  });
  for (const [user, count] of rows) await client.sees(new RegExp(`^\\s+${user}\\s+\\| ${count} `));
}

export async function logout(client: Program): Promise<void> {
  client.type("logout");
  await client.sees(/^Logged out/);
}

/** When the time of the run is over, the clients leave in this order, and the server is stopped. */
export async function part(context: ScenarioContext, clients: Program[], server: Server): Promise<void> {
  await context.until(context.durationMs - 1_000);
  context.phase("stop");
  for (const client of clients) await leave(client);
  await server.program.stop();
}

/** Server and both players exited cleanly, and nothing of them is left. */
export const allEndedWell: Check[] = [
  exitedCleanly("server"),
  exitedCleanly("alan"),
  exitedCleanly("beto"),
  noResiduals(),
];

export function forBoth(check: (player: string) => Check): Check[] {
  return [check("alan"), check("beto")];
}
