import { expect, it } from "vitest";
import { MATCH_ID, Table } from "./driven-session.fixture.ts";

const tryLater = { name: "error", request: "result", code: "TRY_LATER", seconds: 5, text: "" } as const;

/** The server is there again, and knows the login. */
function comesBack({ alan }: Table): void {
  alan.happens({ kind: "connected" });
  alan.answersSecurely(alan.asked(), { name: "resumeACK", user: "alan", token: "t0ken" });
}

it("a result that is due again while the server is away is sent when it is back", () => {
  const table = new Table();
  const { alan } = table;
  table.play("22 12 21 23 11 33 31");
  const [first] = alan.sent();
  alan.happens({ kind: "server-said", message: tryLater }).happens({ kind: "lost", isReplaced: false });
  alan.timerFires(5_000);
  expect(alan.sent()).toEqual([]);
  comesBack(table);
  expect(alan.sent()).toEqual([first]);
  expect(first).toMatchObject({ name: "result", claim: "WIN" });
});

it("when a crossing action replaces the end of a match, the earlier result is not sent", () => {
  const table = new Table();
  const { alan, beto } = table;
  alan.happens({ kind: "lost", isReplaced: false });
  beto.runs({ name: "end" });
  const [crossing] = beto.sentToPeer();
  alan.runs({ name: "send", row: 2, column: 2 });
  table.deliver();
  alan.runs({ name: "end" });
  if (crossing) alan.happens({ kind: "peer-said", matchId: MATCH_ID, message: crossing });
  alan.words();
  expect(alan.disk.matches).toHaveLength(1);
  comesBack(table);
  expect(alan.sent()).toEqual([expect.objectContaining({ name: "result", claim: "WIN" })]);
});

it("a refusal counts for the result that was sent first, even if an older match's result was sent again after it", () => {
  const table = new Table();
  const { alan, beto } = table;
  const squares = "22 12 21 23 11 33 31";
  const newerMatch = "BBBBBBBBBBBBBBBB";
  table.play(squares);
  beto.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "LOST", points: 0 });
  table.start(newerMatch);
  table.play(squares, newerMatch);
  alan.happens({ kind: "server-said", message: tryLater });
  alan.timerFires(5_000);
  alan.isRefused("result", "BAD_SIGNATURE");
  expect(alan.disk.matches).toHaveLength(1);
  alan.hears({ name: "resultACK", matchId: MATCH_ID, outcome: "WIN", points: 3 });
  expect(alan.disk.matches).toEqual([]);
});
