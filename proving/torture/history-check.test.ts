import { describe, expect, it } from "vitest";
import type { Outcome } from "../../src/protocol/fields.ts";
import { History, type RequestOutcome } from "./history.ts";
import { checkHistory, countRequests } from "./history-check.ts";
import type { KeptMatch, StoreContents } from "./store-contents.ts";

const fits = async (hash: string, password: string) => hash === `hash of ${password}`;

/** Alan and Beto registered, and Alan won m1. */
function played(): History {
  const history = new History();
  for (const user of ["Alan", "Beto"])
    history.add(user, { kind: "adduser", password: "one" }).outcome = { kind: "acknowledged" };
  history.tickets.add("m1");
  history.add("Alan", { kind: "result", matchId: "m1" }).outcome = { kind: "acknowledged" };
  told(history, "Alan", "WIN", 2);
  return history;
}

function told(history: History, user: string, outcome: Outcome, points: number): History {
  history.outcomes.push({ user, matchId: "m1", outcome, points });
  return history;
}

const m1: KeptMatch = {
  matchId: "m1",
  inviter: "Alan",
  invitee: "Beto",
  outcome: "X",
  basis: "proof",
  proved: ["X", "X"],
};

function store(alan: number, beto: number, matches: KeptMatch[] = [m1]): StoreContents {
  const account = (user: string, points: number) => ({ user, passwordHash: "hash of one", points });
  return { accounts: [account("Alan", alan), account("Beto", beto)], sessions: [], matches };
}

const findings = (history: History, contents: StoreContents) => checkHistory(history, contents, fits);

describe("nothing is reported", () => {
  it("when points match the outcomes, and outcomes match what users were told", async () => {
    expect(await findings(told(played(), "beto", "LOST", 0), store(2, 0))).toEqual([]);
  });

  it("when a match has no outcome yet, and nobody was told one", async () => {
    const history = played();
    history.outcomes.length = 0;
    told(history, "Alan", "PENDING", 0);
    expect(await findings(history, store(0, 0, [{ ...m1, outcome: null, basis: null, proved: [] }]))).toEqual(
      [],
    );
  });

  it("when a match was committed and its ticket never arrived", async () => {
    const m2: KeptMatch = { ...m1, matchId: "m2", outcome: "draw", proved: ["draw"] };
    expect(await findings(played(), store(3, 1, [m1, m2]))).toEqual([]);
  });
});

describe("reports a planted loss", () => {
  it("of a match whose ticket was sent", async () => {
    expect(await findings(played(), store(0, 0, []))).toEqual([
      { kind: "lost", what: "match m1: its ticket was sent, but it is not in the store" },
      { kind: "lost", what: "match m1: Alan was told WIN, but it is not in the store" },
    ]);
  });

  it("of a result that was acknowledged", async () => {
    const open: KeptMatch = { ...m1, outcome: null, basis: null, proved: [] };
    expect(await findings(played(), store(0, 0, [open]))).toEqual([
      { kind: "lost", what: "match m1: Alan was told WIN, but the store has none" },
    ]);
  });

  it("of points", async () => {
    expect(await findings(played(), store(0, 0))).toEqual([
      { kind: "lost", what: "Alan: has 0 points, but the matches gave 2" },
    ]);
  });

  it("of an account", async () => {
    const contents = store(2, 0);
    expect(await findings(played(), { ...contents, accounts: contents.accounts.slice(0, 1) })).toEqual([
      { kind: "lost", what: "beto: the account is not in the store" },
    ]);
  });

  it.each(["CONFLICT", "BAD_TICKET", "NOT_YOUR_MATCH", "BAD_TRANSCRIPT"])(
    "of an honest result that was answered %s",
    async (code) => {
      const history = played();
      history.add("Beto", { kind: "result", matchId: "m1" }).outcome = { kind: "refused", code };
      expect(await findings(history, store(2, 0))).toEqual([
        { kind: "lost", what: `match m1: Beto's result was refused: ${code}` },
      ]);
    },
  );
});

describe("reports a planted double", () => {
  it("when a result counted twice", async () => {
    expect(await findings(played(), store(4, 0))).toEqual([
      { kind: "doubled", what: "Alan: has 4 points, but the matches gave 2" },
    ]);
  });

  it("when there are points without a match", async () => {
    expect(await findings(played(), store(2, 1))).toEqual([
      { kind: "doubled", what: "Beto: has 1 points, but the matches gave 0" },
    ]);
  });

  it("when two players were told different outcomes", async () => {
    expect(await findings(told(played(), "Beto", "DRAW", 1), store(2, 0))).toEqual([
      { kind: "lost", what: "match m1: Beto was told DRAW, but the store has LOST" },
    ]);
  });
});

describe("reports a match that its transcripts contradict:", () => {
  it.each<[string, Partial<KeptMatch>]>([
    ["is X, but no transcript proves it", { proved: [] }],
    ["is X, but a transcript proves O", { proved: ["O"] }],
    ["an honest player is recorded as having forked", { basis: "fork" }],
  ])("%s", async (what, changed) => {
    expect(await findings(played(), store(2, 0, [{ ...m1, ...changed }]))).toEqual([
      { kind: "false", what: `match m1: ${what}` },
    ]);
  });
});

it("counts requests by kind and outcome", () => {
  const history = played();
  const outcomes: RequestOutcome[] = [
    { kind: "unknown" },
    { kind: "refused", code: "TRY_LATER" },
    { kind: "acknowledged" },
  ];
  for (const outcome of outcomes) history.add("Alan", { kind: "logout" }).outcome = outcome;
  expect(countRequests(history)).toMatchObject({
    adduser: { acknowledged: 2, refused: 0, unknown: 0 },
    logout: { acknowledged: 1, refused: 1, unknown: 1 },
    resume: { acknowledged: 0, refused: 0, unknown: 0 },
  });
});
