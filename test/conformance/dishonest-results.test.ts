// docs/PROTOCOL.md §8: what a loser can try. Beto won; Alan reports something else, before or after Beto's report, or alone.
// Whatever he reports, nobody gets a point that was not won.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ServerProcess } from "../servers/server-process.ts";
import { matchIdOf, signedActions } from "../wire/match-report.ts";
import { join, startMatch, type WholeClient } from "../wire/whole-client.ts";

const WON_BY_X = "11 21 12 22 13";
const WON_BY_O = "11 21 12 22 33 23";

let server: ServerProcess;
let alan: WholeClient;
let beto: WholeClient;
/** Another match of the two, which Alan won, with its honest result. */
let earlier: { matchId: string; actions: string[]; result: string };

const signers = () => ({ X: alan.signer, O: beto.signer });

function resultOf(me: "Alan" | "Beto", claim: string, ticket: string, actions: string[]): string {
  return ["result", me, me === "Alan" ? "Beto" : "Alan", claim, ticket, ...actions].join(";");
}

beforeAll(async () => {
  server = await ServerProcess.start();
  alan = await join(server, "Alan");
  beto = await join(server, "Beto");
  const ticket = await startMatch(alan, beto);
  const actions = signedActions(ticket, signers(), WON_BY_X);
  const matchId = matchIdOf(ticket);
  earlier = { matchId, actions, result: resultOf("Alan", "WIN", ticket, actions) };
  await alan.control.asks(earlier.result, `resultACK;${matchId};WIN;2`);
  await beto.control.sees(`settled;${matchId};LOST;0`);
});
afterAll(async () => {
  for (const client of [alan, beto]) client.close();
  await server.dispose();
});

async function pointsNow(): Promise<{ Alan: number; Beto: number }> {
  alan.control.says("leaders");
  // What Alan gets about the match itself does not matter here.
  for (;;) {
    const line = await alan.control.nextLine();
    if (!line.startsWith("leadersACK;")) continue;
    const scores = line.split(";").slice(1);
    const points = Object.fromEntries(scores.map((score) => score.split(":")));
    return { Alan: Number(points.Alan), Beto: Number(points.Beto) };
  }
}

async function answerTo(client: WholeClient, line: string): Promise<string> {
  client.control.says(line);
  for (;;) {
    const answer = await client.control.nextLine();
    if (/^result(ACK|ERR);/.test(answer)) return answer;
  }
}

interface Attempt {
  title: string;
  /** Alan's report. */
  line(ticket: string, honest: string[]): string;
  /** The answer while nothing is recorded, and after Beto's transcript is. */
  alone: string;
  afterwards: string;
  /** The points that Alan gains while nobody else has reported. */
  gain?: number;
}

const attempts: Attempt[] = [
  {
    title: "moves of the opponent that he forged",
    line: (ticket) =>
      resultOf("Alan", "WIN", ticket, signedActions(ticket, { X: alan.signer, O: alan.signer }, WON_BY_X)),
    alone: "resultERR;BAD_TRANSCRIPT",
    afterwards: "resultERR;BAD_TRANSCRIPT",
  },
  {
    title: "the moves of an earlier match that he won",
    line: (ticket) => resultOf("Alan", "WIN", ticket, earlier.actions),
    alone: "resultERR;BAD_TRANSCRIPT",
    afterwards: "resultERR;BAD_TRANSCRIPT",
  },
  {
    title: "the whole result of an earlier match again",
    line: () => earlier.result,
    alone: "resultACK;<earlier>;WIN;2",
    afterwards: "resultACK;<earlier>;WIN;2",
  },
  {
    title: "the moves in another order",
    line: (ticket, honest) =>
      resultOf("Alan", "WIN", ticket, [honest[2], honest[1], honest[0], ...honest.slice(3)] as string[]),
    alone: "resultERR;BAD_TRANSCRIPT",
    afterwards: "resultERR;BAD_TRANSCRIPT",
  },
  {
    title: "the moves without the last one, claiming to have won",
    line: (ticket, honest) => resultOf("Alan", "WIN", ticket, honest.slice(0, -1)),
    alone: "resultERR;CONFLICT",
    afterwards: "resultERR;CONFLICT",
  },
  {
    title: "the moves without the last one, as a match that broke off",
    line: (ticket, honest) => resultOf("Alan", "ABANDONED", ticket, honest.slice(0, -1)),
    alone: "resultACK;<match>;PENDING;0",
    afterwards: "resultACK;<match>;LOST;0",
  },
  {
    title: "no moves at all, claiming to have won",
    line: (ticket) => resultOf("Alan", "WIN", ticket, []),
    alone: "resultERR;CONFLICT",
    afterwards: "resultERR;CONFLICT",
  },
  {
    title: "a draw against his own transcript",
    line: (ticket, honest) => resultOf("Alan", "DRAW", ticket, honest.slice(0, -1)),
    alone: "resultERR;CONFLICT",
    afterwards: "resultERR;CONFLICT",
  },
  {
    // Beto has never seen the second fifth move; until he reports, Alan's transcript is the only one.
    title: "another fifth move that he signed too, with which he won",
    line: (ticket) => resultOf("Alan", "WIN", ticket, signedActions(ticket, signers(), WON_BY_X)),
    alone: "resultACK;<match>;WIN;2",
    afterwards: "resultERR;CONFLICT",
    gain: 2,
  },
];

describe.each(attempts)("$title", ({ line, alone, afterwards, gain = 0 }) => {
  /** The ticket of a match that Beto won, its moves, and the points of both before it. */
  async function lostMatch() {
    const before = await pointsNow();
    const ticket = await startMatch(alan, beto);
    const honest = signedActions(ticket, signers(), WON_BY_O);
    const answered = (pattern: string) =>
      pattern.replace("<match>", matchIdOf(ticket)).replace("<earlier>", earlier.matchId);
    const attempt = line(ticket, honest);
    return { before, ticket, honest, attempt, answered };
  }

  test("is refused before the winner reports", async () => {
    const { before, ticket, honest, attempt, answered } = await lostMatch();
    expect(await answerTo(alan, attempt)).toContain(answered(alone));
    expect(await pointsNow()).toEqual({ ...before, Alan: before.Alan + gain });
    const won = answered("resultACK;<match>;WIN;2");
    expect(await answerTo(beto, resultOf("Beto", "WIN", ticket, honest))).toBe(won);
    expect(await pointsNow()).toEqual({ ...before, Beto: before.Beto + 2 });
  });

  test("is refused after the winner has reported, repeatedly", async () => {
    const { before, ticket, honest, attempt, answered } = await lostMatch();
    const report = resultOf("Beto", "WIN", ticket, honest);
    const won = answered("resultACK;<match>;WIN;2");
    expect(await answerTo(beto, report)).toBe(won);
    for (let times = 0; times < 2; times++)
      expect(await answerTo(alan, attempt)).toContain(answered(afterwards));
    expect(await answerTo(beto, report)).toBe(won);
    expect(await pointsNow()).toEqual({ ...before, Beto: before.Beto + 2 });
  });
});
