// docs/PROTOCOL.md §8
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ed25519Signer, ed25519Verify, newPrivateKey } from "../../src/game/signature.ts";
import { openTicket, signTicket } from "../../src/game/ticket.ts";
import { ServerProcess } from "../servers/server-process.ts";
import { matchIdOf, signedActions } from "../wire/match-report.ts";
import { comeBack, connect, join, openControl, startMatch, type WholeClient } from "../wire/whole-client.ts";

const WON_BY_X = "11 21 12 22 13";
const WON_BY_O = "11 21 12 22 33 23";
const DRAWN = "11 12 13 22 21 23 32 31 33";

let server: ServerProcess;
let alan: WholeClient;
let beto: WholeClient;
let carla: WholeClient;
let ticket: string;
let matchId: string;
const points = { Alan: 0, Beto: 0 };

beforeAll(async () => {
  server = await ServerProcess.start();
  alan = await join(server, "Alan");
  beto = await join(server, "Beto");
  carla = await join(server, "Carla");
});
afterAll(async () => {
  for (const client of [alan, beto, carla]) client.close();
  await server.dispose();
});

beforeEach(async () => {
  ticket = await startMatch(alan, beto);
  matchId = matchIdOf(ticket);
});

const signers = () => ({ X: alan.signer, O: beto.signer });

/** A report by `me`, X or O, of the signed `steps`. */
function report(me: "Alan" | "Beto", claim: string, steps: string): string {
  return reportOf(me, claim, signedActions(ticket, signers(), steps));
}

function reportOf(me: "Alan" | "Beto", claim: string, actions: string[]): string {
  return ["result", me, me === "Alan" ? "Beto" : "Alan", claim, ticket, ...actions].join(";");
}

async function expectLeaders(alanGets: number, betoGets: number): Promise<void> {
  points.Alan += alanGets;
  points.Beto += betoGets;
  const inOrder = Object.entries({ ...points, Carla: 0 }).toSorted(
    ([one, onePoints], [other, otherPoints]) => otherPoints - onePoints || one.localeCompare(other),
  );
  const scores = inOrder.map(([user, score]) => `${user}:${score}`).join(";");
  await carla.control.asks("leaders", `leadersACK;${scores}`);
}

/** Ends the match, where the test is about something else. */
async function finish(): Promise<void> {
  await alan.control.asks(report("Alan", "LOST", "endX"), `resultACK;${matchId};LOST;0`);
  await beto.control.sees(`settled;${matchId};WIN;2`);
  await expectLeaders(0, 2);
}

describe("what a transcript proves is recorded", () => {
  test.each([
    ["X has three in a line", WON_BY_X, "WIN", "LOST", 2, 0],
    ["O has three in a line", WON_BY_O, "LOST", "WIN", 0, 2],
    ["the board is full", DRAWN, "DRAW", "DRAW", 1, 1],
    ["X gave up before the first move", "endX", "LOST", "WIN", 0, 2],
    ["O gave up out of turn", "11 22 endO", "WIN", "LOST", 2, 0],
  ] as const)("%s", async (_, steps, alanClaim, betoClaim, alanGets, betoGets) => {
    await alan.control.asks(
      report("Alan", alanClaim, steps),
      `resultACK;${matchId};${alanClaim};${alanGets}`,
    );
    await beto.control.sees(`settled;${matchId};${betoClaim};${betoGets}`);
    await expectLeaders(alanGets, betoGets);
    await carla.control.asks("list", "listACK;Alan:free;Beto:free;Carla:free");
    await beto.control.asks(
      report("Beto", betoClaim, steps),
      `resultACK;${matchId};${betoClaim};${betoGets}`,
    );
    await expectLeaders(0, 0);
  });

  test("whoever reports it, even the loser alone", async () => {
    await beto.control.asks(report("Beto", "LOST", WON_BY_X), `resultACK;${matchId};LOST;0`);
    await alan.control.sees(`settled;${matchId};WIN;2`);
    await expectLeaders(2, 0);
  });

  test("a second report counts nothing and gets the same answer", async () => {
    const line = report("Alan", "WIN", WON_BY_X);
    for (let count = 0; count < 3; count++) await alan.control.asks(line, `resultACK;${matchId};WIN;2`);
    await beto.control.sees(`settled;${matchId};LOST;0`);
    await expectLeaders(2, 0);
  });

  test("names may be in any case", async () => {
    const line = report("Alan", "WIN", WON_BY_X).replace(";Alan;Beto;", ";ALAN;beto;");
    await alan.control.asks(line, `resultACK;${matchId};WIN;2`);
    await beto.control.sees(`settled;${matchId};LOST;0`);
    await expectLeaders(2, 0);
  });

  test("another transcript with the same end gets the recorded outcome", async () => {
    await alan.control.asks(report("Alan", "WIN", WON_BY_X), `resultACK;${matchId};WIN;2`);
    await beto.control.sees(`settled;${matchId};LOST;0`);
    await expectLeaders(2, 0);
    await beto.control.asks(report("Beto", "ABANDONED", "11 21"), `resultACK;${matchId};LOST;0`);
    await beto.control.asks(reportOf("Beto", "LOST", []), `resultACK;${matchId};LOST;0`);
    await beto.control.asks(reportOf("Beto", "DRAW", []), "resultERR;CONFLICT;…");
    await beto.control.asks(reportOf("Beto", "WIN", []), "resultERR;CONFLICT;…");
    await expectLeaders(0, 0);
  });

  test("the result is on disk before the answer: a killed server still knows it", async () => {
    const own = await ServerProcess.start();
    const [one, two] = [await join(own, "Alan"), await join(own, "Beto")];
    const itsTicket = await startMatch(one, two);
    const actions = signedActions(itsTicket, { X: one.signer, O: two.signer }, WON_BY_X).join(";");
    await one.control.asks(`result;Alan;Beto;WIN;${itsTicket};${actions}`, "resultACK;<match>;WIN;2");
    await own.interrupt("SIGKILL");
    const next = await ServerProcess.start([], own.folder);
    const { control } = await openControl(next);
    await control.asks("leaders", "leadersACK;Alan:2;Beto:0");
    for (const client of [one, two]) client.close();
    await next.dispose();
    await own.dispose();
    await finish();
  });
});

describe("a report that is refused changes nothing", () => {
  test("NOT_LOGGED_IN, before the ticket is checked", async () => {
    const { control } = await openControl(server);
    await control.asks("result;Alan;Beto;WIN;AAAA.AAAA", "resultERR;NOT_LOGGED_IN;…");
    control.close();
    await finish();
  });

  test("BAD_TICKET: signed with another key, or modified", async () => {
    const opened = openTicket(ticket, alan.ticketKey, ed25519Verify);
    const forged = signTicket(opened as NonNullable<typeof opened>, ed25519Signer(newPrivateKey()));
    const [payload = "", signature = ""] = ticket.split(".");
    const tampered = Buffer.from(Buffer.from(payload, "base64url").toString().replace("Beto", "Bata"));
    for (const bad of [
      forged,
      `${tampered.toString("base64url")}.${signature}`,
      `${payload}.${"A".repeat(86)}`,
      payload,
      `${payload}.`,
      `${ticket}.AAAA`,
      "AAAA.AAAA",
    ])
      await alan.control.asks(`result;Alan;Beto;WIN;${bad}`, "resultERR;BAD_TICKET;…");
    await finish();
  });

  test("NOT_YOUR_MATCH: another match's ticket, or names that differ from the ticket's", async () => {
    const actions = signedActions(ticket, signers(), WON_BY_X).join(";");
    for (const names of ["Carla;Beto", "Carla;Alan", "Alan;Beto"])
      await carla.control.asks(`result;${names};WIN;${ticket};${actions}`, "resultERR;NOT_YOUR_MATCH;…");
    for (const names of ["Beto;Alan", "Alan;Carla", "Carla;Beto", "Alan;Alan"])
      await alan.control.asks(`result;${names};WIN;${ticket};${actions}`, "resultERR;NOT_YOUR_MATCH;…");
    await finish();
  });

  test("BAD_TRANSCRIPT: any action forged, swapped, left out, illegal, from another match, or after the end", async () => {
    const actions = signedActions(ticket, signers(), WON_BY_X);
    const mine = signedActions(ticket, { X: alan.signer, O: alan.signer }, WON_BY_X);
    const elsewhere = signedActions("AAAA.AAAA", signers(), WON_BY_X);
    const last = actions[4] as string;
    const bad: Record<string, string[]> = {
      "the opponent's moves signed by me": mine,
      "signed for another match": elsewhere,
      "two moves swapped": [actions[1], actions[0], ...actions.slice(2)] as string[],
      "a move left out": actions.toSpliced(2, 1),
      "a move put elsewhere": actions.with(4, last.replace("1,3", "3,3")),
      "a move on a taken square": actions.with(4, last.replace("1,3", "1,1")),
      "a move after the end": [...actions, last.replace("1,3", "3,3")],
      "the opponent's end forged": [...actions.slice(0, 2), `end,O,${"A".repeat(86)}`],
    };
    for (const [what, each] of Object.entries(bad)) {
      alan.control.says(reportOf("Alan", "WIN", each));
      expect(await alan.control.nextLine(), what).toMatch(/^resultERR;BAD_TRANSCRIPT;/);
    }
    await finish();
  });

  test("CONFLICT: an outcome is claimed that the transcript does not prove", async () => {
    for (const truncated of ["", "11", "11 21 12 22"])
      for (const claim of ["WIN", "LOST", "DRAW"])
        await alan.control.asks(report("Alan", claim, truncated), "resultERR;CONFLICT;…");
    await carla.control.asks("list", "listACK;Alan:playing;Beto:playing;Carla:free");
    await finish();
  });
});

describe("transcripts that contradict each other", () => {
  test("an end that crossed a move counts, whoever reports first", async () => {
    await beto.control.asks(report("Beto", "LOST", "endO"), `resultACK;${matchId};LOST;0`);
    await alan.control.sees(`settled;${matchId};WIN;2`);
    await expectLeaders(2, 0);
    await alan.control.asks(report("Alan", "ABANDONED", "11"), `resultACK;${matchId};WIN;2`);
  });

  test("a player who signed two different actions with the same number loses, even after the match was recorded", async () => {
    const honest = report("Beto", "LOST", WON_BY_X);
    // Alan also signed a different fifth move, and Beto has it.
    const fork = report("Beto", "ABANDONED", "11 21 12 22 33");
    await beto.control.asks(honest, `resultACK;${matchId};LOST;0`);
    await alan.control.sees(`settled;${matchId};WIN;2`);
    await expectLeaders(2, 0);
    await beto.control.asks(fork, `resultACK;${matchId};WIN;2`);
    await alan.control.sees(`settled;${matchId};LOST;0`);
    await expectLeaders(-2, 2);
    await alan.control.asks(report("Alan", "WIN", WON_BY_X), "resultERR;CONFLICT;…");
    await expectLeaders(0, 0);
  });
});

describe("a claim that its own transcript contradicts", () => {
  test.each([
    ["Alan", "LOST", WON_BY_X, 2, 0],
    ["Alan", "DRAW", WON_BY_X, 2, 0],
    ["Beto", "WIN", WON_BY_X, 2, 0],
    ["Beto", "WIN", DRAWN, 1, 1],
  ] as const)(
    "%s's %s is CONFLICT, and what is proved counts all the same",
    async (me, claim, steps, alanGets, betoGets) => {
      const [reporter, other] = me === "Alan" ? [alan, beto] : [beto, alan];
      reporter.control.says(report(me, claim, steps));
      await reporter.control.sees(`settled;${matchId};…`);
      await reporter.control.sees("resultERR;CONFLICT;…");
      await other.control.sees(`settled;${matchId};…`);
      await expectLeaders(alanGets, betoGets);
    },
  );
});

describe("a match that was broken off", () => {
  test("both ABANDONED: PENDING for the first, then VOID for both", async () => {
    await alan.control.asks(report("Alan", "ABANDONED", "11 21"), `resultACK;${matchId};PENDING;0`);
    await carla.control.asks("list", "listACK;Alan:free;Beto:playing;Carla:free");
    await beto.control.asks(report("Beto", "ABANDONED", "11"), `resultACK;${matchId};VOID;0`);
    await alan.control.sees(`settled;${matchId};VOID;0`);
    await expectLeaders(0, 0);
    await alan.control.asks(report("Alan", "ABANDONED", "11 21"), `resultACK;${matchId};VOID;0`);
    await alan.control.asks(report("Alan", "WIN", WON_BY_X), "resultERR;CONFLICT;…");
  });

  test("is settled by a transcript that proves an end, from either side", async () => {
    await alan.control.asks(report("Alan", "ABANDONED", "11 21 12"), `resultACK;${matchId};PENDING;0`);
    await beto.control.asks(report("Beto", "LOST", WON_BY_X), `resultACK;${matchId};LOST;0`);
    await alan.control.sees(`settled;${matchId};WIN;2`);
    await expectLeaders(2, 0);
  });

  test("reported ABANDONED with a transcript that proves an end is settled by that", async () => {
    await alan.control.asks(report("Alan", "ABANDONED", WON_BY_X), `resultACK;${matchId};WIN;2`);
    await beto.control.sees(`settled;${matchId};LOST;0`);
    await expectLeaders(2, 0);
  });
});

describe("playing", () => {
  test("NOT_LOGGED_IN, then UNKNOWN_MATCH for a match that is forged, over, or between others", async () => {
    const { control } = await openControl(server);
    await control.asks(`playing;${ticket}`, "playingERR;NOT_LOGGED_IN;…");
    control.close();
    await alan.control.asks("playing;AAAA.AAAA", "playingERR;UNKNOWN_MATCH…");
    await carla.control.asks(`playing;${ticket}`, "playingERR;UNKNOWN_MATCH…");
    await alan.control.asks(`playing;${ticket}`, `playingACK;${matchId}`);
    await finish();
    await alan.control.asks(`playing;${ticket}`, "playingERR;UNKNOWN_MATCH…");
  });

  test("a player who was away while the match was settled reports on return and gets the outcome", async () => {
    beto.control.says("exit");
    await beto.control.sees("exitACK");
    await beto.control.seesClose();
    await alan.control.asks(report("Alan", "WIN", WON_BY_X), `resultACK;${matchId};WIN;2`);
    await expectLeaders(2, 0);
    const back = await connect(server);
    await back.tls.asks(`resume;${beto.token};${beto.signer.publicKey}`, `resumeACK;Beto;${beto.token}`);
    await back.control.asks(`playing;${ticket}`, "playingERR;UNKNOWN_MATCH…");
    await back.control.asks(report("Beto", "LOST", WON_BY_X), `resultACK;${matchId};LOST;0`);
    back.close();
    beto = await comeBack(server, "Beto");
  });
});
