import { describe, expect, it } from "vitest";
import type { PlayerSymbol } from "../../game/board.ts";
import type { Claim } from "../../protocol/fields.ts";
import { played } from "./played.fixture.ts";
import { decideReport, decideWithoutProof, type MatchRecord, pointsMoved } from "./settlement.ts";

const fresh: MatchRecord = { transcripts: [], hasAbandoned: { X: false, O: false }, verdict: null };

const xWins = "11 21 12 22 13";
const oWins = "11 21 12 22 33 23";
const allButDraw = "11 12 13 22 21 23 32 31";
const draw = `${allButDraw} 33`;

/** "X WIN 11 22": who reports, what is claimed, the transcript. */
function report(record: MatchRecord, text: string): { record: MatchRecord; answer: string; isKept: boolean } {
  const [by, claim, ...steps] = text.split(" ");
  const transcript = played(steps.join(" "));
  const decided = decideReport(record, { by: by as PlayerSymbol, claim: claim as Claim, transcript });
  const { answer } = decided;
  return {
    record: decided.record,
    answer: answer.ok ? `${answer.outcome} ${answer.points}` : answer.code,
    isKept: decided.newTranscript !== null,
  };
}

function answers(reports: readonly string[]): { record: MatchRecord; answers: string[] } {
  let record = fresh;
  const given = reports.map((text) => {
    const decided = report(record, text);
    record = decided.record;
    return decided.answer;
  });
  return { record, answers: given };
}

/** Each report and its answer, in order, and the outcome in the end. */
type Case = [title: string, reports: string[], outcome: string | null];

const table: Case[] = [
  [
    "a finished board, reported by the winner, then by the loser",
    [`X WIN ${xWins} -> WIN 2`, `O LOST ${xWins} -> LOST 0`],
    "X",
  ],
  [
    "a finished board, reported by the loser, then by the winner",
    [`X LOST ${oWins} -> LOST 0`, `O WIN ${oWins} -> WIN 2`],
    "O",
  ],
  ["a draw is worth 1 to both", [`X DRAW ${draw} -> DRAW 1`, `O DRAW ${draw} -> DRAW 1`], "draw"],
  ["who gives up loses", ["O WIN 11 endX -> WIN 2", "X LOST 11 endX -> LOST 0"], "O"],
  [
    "a claim that no transcript proves",
    ["X WIN 11 22 -> CONFLICT", "X DRAW -> CONFLICT", "O LOST 11 -> CONFLICT"],
    null,
  ],
  [
    "a claim against its own transcript: what that proves is recorded all the same",
    [`O WIN ${xWins} -> CONFLICT`, `O LOST ${xWins} -> LOST 0`],
    "X",
  ],
  ["one player abandons", ["X ABANDONED 11 -> PENDING 0"], null],
  ["one player abandons twice", ["X ABANDONED 11 -> PENDING 0", "X ABANDONED 11 -> PENDING 0"], null],
  ["both abandon", ["X ABANDONED 11 -> PENDING 0", "O ABANDONED 11 22 -> VOID 0"], "void"],
  [
    "abandoned, and then a proof from the other",
    ["X ABANDONED 11 -> PENDING 0", `O WIN ${oWins} -> WIN 2`, "X ABANDONED 11 -> LOST 0"],
    "O",
  ],
  [
    "abandoned, and then a proof from the same",
    ["X ABANDONED 11 -> PENDING 0", `X WIN ${xWins} -> WIN 2`],
    "X",
  ],
  ["abandoned with the proof in hand", [`X ABANDONED ${xWins} -> WIN 2`], "X"],
  ["abandoned after a proof is answered with it", [`X WIN ${xWins} -> WIN 2`, "O ABANDONED -> LOST 0"], "X"],
  [
    "another outcome than the one recorded",
    ["O WIN 11 endX -> WIN 2", "X WIN 11 -> CONFLICT", "X DRAW -> CONFLICT"],
    "O",
  ],
  [
    "void stands, even against a proof that comes late",
    [
      "X ABANDONED -> PENDING 0",
      "O ABANDONED -> VOID 0",
      `X WIN ${xWins} -> CONFLICT`,
      "X ABANDONED -> VOID 0",
    ],
    "void",
  ],
  [
    "a fork in the moves: whoever signed twice loses",
    ["X ABANDONED 11 22 -> PENDING 0", "O ABANDONED 12 -> WIN 2", "X ABANDONED 12 -> LOST 0"],
    "O",
  ],
  [
    "a fork overturns an outcome already recorded",
    [
      `O WIN ${oWins} -> WIN 2`,
      "X LOST 11 21 12 22 33 13 -> CONFLICT",
      "X WIN -> WIN 2",
      `O WIN ${oWins} -> CONFLICT`,
    ],
    "X",
  ],
  [
    "a fork overturns void",
    ["X ABANDONED 11 21 -> PENDING 0", "O ABANDONED 11 -> VOID 0", "X WIN 11 22 -> WIN 2"],
    "X",
  ],
  [
    "a fork stands for good, also when the other one forked too",
    ["X ABANDONED 11 22 -> PENDING 0", "O ABANDONED 12 -> WIN 2", "X WIN 11 21 -> CONFLICT"],
    "O",
  ],
  [
    "one's own move and one's own end with the same number are a fork",
    ["O WIN 11 21 endX -> WIN 2", `O WIN ${oWins} -> WIN 2`, "X LOST -> LOST 0"],
    "O",
  ],
  [
    "a move and the other's end cross: the end stands, when it comes first",
    ["X WIN 11 21 endO -> WIN 2", "O ABANDONED 11 21 12 -> LOST 0"],
    "X",
  ],
  [
    "a move and the other's end cross: the end stands, when it comes second",
    ["X ABANDONED 11 21 12 -> PENDING 0", "O LOST 11 21 endO -> LOST 0"],
    "X",
  ],
  [
    "a move that wins stands against an end",
    ["O LOST 11 21 12 22 endO -> LOST 0", `X WIN ${xWins} -> WIN 2`],
    "X",
  ],
  [
    "a move that draws stands against an end reported first, and the points move",
    [`O LOST ${allButDraw} endO -> LOST 0`, `X DRAW ${draw} -> DRAW 1`, `O DRAW ${draw} -> DRAW 1`],
    "draw",
  ],
  [
    "a move that draws stands against an end reported second",
    [`X DRAW ${draw} -> DRAW 1`, `O LOST ${allButDraw} endO -> CONFLICT`, "O ABANDONED -> DRAW 1"],
    "draw",
  ],
  [
    "two ends cross: X's stands, X's first",
    ["X LOST 11 endX -> LOST 0", "O LOST 11 endO -> CONFLICT", "O ABANDONED -> WIN 2"],
    "O",
  ],
  [
    "two ends cross: X's stands, O's first",
    ["O LOST 11 endO -> LOST 0", "X LOST 11 endX -> LOST 0", "O ABANDONED -> WIN 2"],
    "O",
  ],
];

describe("a report's answer and record:", () => {
  it.each(table)("%s", (_title, reports, outcome) => {
    const settled = answers(reports.map((line) => line.split(" -> ")[0] as string));
    expect(settled.answers).toEqual(reports.map((line) => line.split(" -> ")[1]));
    expect(settled.record.verdict?.outcome ?? null).toBe(outcome);
  });

  it("a repeated report gets the same answer and changes nothing", () => {
    for (const line of table.flatMap(([, reports]) => reports)) {
      const text = line.split(" -> ")[0] as string;
      const once = report(fresh, text);
      const twice = report(once.record, text);
      expect(twice.answer).toBe(once.answer);
      expect(twice.record).toEqual(once.record);
      expect(twice.isKept).toBe(false);
    }
  });

  it("both orders of two honest reports lead to the same outcome", () => {
    const pairs = [
      ["X WIN 11 endO", "O LOST 11 endO"],
      [`X DRAW ${draw}`, `O LOST ${allButDraw} endO`],
      ["X LOST 11 endX", "O LOST 11 endO"],
      ["X ABANDONED 11 21", `O WIN ${oWins}`],
      ["X ABANDONED 11 21", "O ABANDONED 11"],
    ] as const;
    for (const [one, other] of pairs)
      expect(answers([one, other]).record.verdict?.outcome).toBe(
        answers([other, one]).record.verdict?.outcome,
      );
  });
});

describe("stored transcripts", () => {
  it("are those with something new, whatever the answer", () => {
    const first = report(fresh, "X ABANDONED 11 22");
    expect(first.isKept).toBe(true);
    expect(report(first.record, "O ABANDONED 11").isKept).toBe(false);
    expect(report(first.record, "O ABANDONED 11 22").isKept).toBe(false);
    expect(report(first.record, "O WIN 11 22 12").isKept).toBe(true);
    expect(report(fresh, "X ABANDONED").isKept).toBe(false);
  });

  it("are limited in number, however often a player signs twice", () => {
    let record = fresh;
    const squares = ["11", "12", "13", "21", "22", "23", "31", "32", "33"];
    for (const first of squares)
      for (const second of squares.filter((square) => square !== first))
        record = report(record, `X ABANDONED ${first} ${second}`).record;
    expect(record.transcripts).toHaveLength(32);
    expect(record.verdict).toEqual({ outcome: "X", basis: "fork" });
  });
});

describe("without a proof in time", () => {
  const pending = (by: PlayerSymbol) => answers([`${by} ABANDONED 11`]).record;
  const cases = [
    ["X waited, O was never seen", pending("X"), { X: true, O: false }, "X"],
    ["X waited, O was seen", pending("X"), { X: true, O: true }, "void"],
    ["X waited and left, O was never seen", pending("X"), { X: false, O: false }, "X"],
    ["O waited, X was never seen", pending("O"), { X: false, O: true }, "O"],
    ["O waited, X was seen", pending("O"), { X: true, O: false }, "void"],
    ["nobody reported anything", fresh, { X: false, O: false }, "void"],
  ] as const;
  it.each(cases)("%s", (_title, record, wasSeen, outcome) => {
    expect(decideWithoutProof(record, wasSeen).record.verdict).toEqual({ outcome, basis: "judgement" });
  });

  it("an existing outcome stands", () => {
    const { record } = report(fresh, `X WIN ${xWins}`);
    expect(decideWithoutProof(record, { X: false, O: false }).record).toBe(record);
  });

  it("a judgement stands against a proof, but not against a fork", () => {
    const { record } = decideWithoutProof(pending("X"), { X: true, O: false });
    expect(report(record, `O WIN ${oWins}`).answer).toBe("CONFLICT");
    expect(report(record, "O LOST").answer).toBe("LOST 0");
    expect(report(record, "O WIN 12").answer).toBe("WIN 2");
  });
});

describe("points moved by a verdict", () => {
  it.each([
    [null, "X", [2, 0]],
    [null, "draw", [1, 1]],
    [null, "void", [0, 0]],
    ["X", "O", [-2, 2]],
    ["X", "draw", [-1, 1]],
    ["draw", "O", [-1, 1]],
    ["O", "O", [0, 0]],
  ] as const)("from %s to %s", (before, after, [x, o]) => {
    const verdict = (outcome: typeof after | "X" | null) => outcome && ({ outcome, basis: "proof" } as const);
    expect(pointsMoved("X", verdict(before), verdict(after))).toBe(x);
    expect(pointsMoved("O", verdict(before), verdict(after))).toBe(o);
  });
});
