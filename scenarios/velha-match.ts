// How two clients of a scenario meet, play and part, as persons would.
import type { Program, ScenarioContext } from "../harness/scenario.ts";

/** X wins on the anti-diagonal with the seventh move. */
export const MOVES = ["2 2", "1 2", "1 1", "3 3", "3 1", "2 1", "1 3"];

export interface Players {
  /** The inviter, alan: X. */
  alan: Program;
  /** The invitee, beto: O. */
  beto: Program;
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

export async function declineRematch(client: Program): Promise<void> {
  await client.sees(/Rematch\?/i);
  client.type("n");
}

/** The leaderboard shows these points, no more and no less. */
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
