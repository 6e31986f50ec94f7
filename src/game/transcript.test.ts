import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { PlayerSymbol } from "./board.ts";
import type { Action } from "./match.ts";
import { alan, beto, freshTranscript } from "./players.fixture.ts";
import { ed25519Verify } from "./signature.ts";
import {
  appendAction,
  compareTranscripts,
  replay,
  type SignedAction,
  signAction,
  type Transcript,
  truncate,
} from "./transcript.ts";

const signers = { X: alan, O: beto };

/** The transcript after steps such as "11 22 endX"; moves are by whose turn it is. */
function played(steps: string, start: Transcript = freshTranscript()): Transcript {
  let transcript = start;
  for (const step of steps.split(" ").filter(Boolean)) {
    const by = step.startsWith("end") ? (step[3] as PlayerSymbol) : transcript.state.turn;
    const signed = signAction(transcript, by, parse(step), signers[by]);
    if (!signed.ok) throw new Error(`${step}: ${signed.code}`);
    transcript = signed.transcript;
  }
  return transcript;
}

function parse(step: string): Action {
  if (step.startsWith("end")) return { kind: "end", symbol: step[3] as PlayerSymbol };
  return { kind: "play", row: Number(step[0]), column: Number(step[1]) };
}

const wonByX = "11 21 12 22 13";
const verifyAll = (transcript: Transcript, actions: readonly SignedAction[]) =>
  replay(transcript.ticketText, transcript.ticket, actions, ed25519Verify);

describe("the chain", () => {
  test("each signature is the acting player's over SHA-256 of the head before and the action", () => {
    const transcript = played("22 11 endX");
    const sha256 = (...parts: (string | Buffer)[]) =>
      parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
    const h0 = sha256(transcript.ticketText);
    const h1 = sha256(h0, "play;2;2");
    const h2 = sha256(h1, "play;1;1");
    const h3 = sha256(h2, "end;X");
    const signatures = transcript.actions.map(({ signature }) => signature);
    expect(signatures).toEqual([alan.sign(h1), beto.sign(h2), alan.sign(h3)]);
    expect(Buffer.from(transcript.chainHead)).toEqual(h3);
  });

  test.each(["", "22", wonByX, "11 12 13 22 21 23 32 31 33", "11 endO", "endX", "endO"])(
    "what was signed after '%s' verifies and leads to the same state",
    (steps) => {
      const transcript = played(steps);
      expect(verifyAll(transcript, transcript.actions)).toEqual({ ok: true, transcript });
    },
  );

  test("an illegal action is not signed", () => {
    expect(signAction(played("11"), "X", parse("22"), alan)).toEqual({ ok: false, code: "NOT_YOUR_TURN" });
    expect(signAction(played(wonByX), "O", parse("33"), beto)).toEqual({ ok: false, code: "MATCH_OVER" });
  });
});

describe("does not verify a transcript with", () => {
  const transcript = played(wonByX);
  const { actions } = transcript;

  test("any bit of any signature changed", () => {
    for (const index of actions.keys())
      for (let byte = 0; byte < 64; byte += 9) {
        const raw = Buffer.from(actions[index]!.signature, "base64url");
        raw[byte]! ^= 0x10;
        const tampered = actions.with(index, { ...actions[index]!, signature: raw.toString("base64url") });
        expect(verifyAll(transcript, tampered)).toEqual({ ok: false, code: "BAD_SIGNATURE" });
      }
  });

  test("any move moved to another free square", () => {
    for (const index of actions.keys()) {
      const moved = { ...parse("33"), signature: actions[index]!.signature };
      expect(verifyAll(transcript, actions.with(index, moved))).toEqual({ ok: false, code: "BAD_SIGNATURE" });
    }
  });

  test("any two neighbouring actions swapped", () => {
    for (let index = 0; index + 1 < actions.length; index++) {
      const swapped = actions.with(index, actions[index + 1]!).with(index + 1, actions[index]!);
      expect(verifyAll(transcript, swapped)).toEqual({ ok: false, code: "BAD_SIGNATURE" });
    }
  });

  test("any action but the last left out", () => {
    for (let index = 0; index + 1 < actions.length; index++)
      expect(verifyAll(transcript, actions.toSpliced(index, 1))).toMatchObject({ ok: false });
  });

  test("any action repeated", () => {
    for (const index of actions.keys())
      expect(verifyAll(transcript, actions.toSpliced(index, 0, actions[index]!))).toMatchObject({
        ok: false,
      });
  });

  test("an action after the end", () => {
    const late = { ...parse("33"), signature: actions[0]!.signature };
    expect(verifyAll(transcript, [...actions, late])).toEqual({ ok: false, code: "MATCH_OVER" });
  });

  test("a move signed with the other player's key", () => {
    const forged = signAction(played("11"), "O", parse("22"), alan);
    expect(forged.ok && verifyAll(transcript, forged.transcript.actions)).toEqual({
      ok: false,
      code: "BAD_SIGNATURE",
    });
  });

  test("an end for the other player", () => {
    const forged = signAction(played("11"), "X", parse("endX"), beto);
    expect(forged.ok && verifyAll(transcript, forged.transcript.actions)).toEqual({
      ok: false,
      code: "BAD_SIGNATURE",
    });
  });

  test("the actions of another match of the same two", () => {
    const other = freshTranscript({ matchId: "CwoJCAcGBQQDAgEA" });
    expect(verifyAll(other, actions)).toEqual({ ok: false, code: "BAD_SIGNATURE" });
  });
});

test("a truncated transcript verifies, but proves no end", () => {
  const transcript = played(wonByX);
  for (let count = 0; count < transcript.actions.length; count++) {
    const shorter = truncate(transcript, count);
    expect(verifyAll(transcript, transcript.actions.slice(0, count))).toEqual({
      ok: true,
      transcript: shorter,
    });
    expect(shorter.state.end).toBeNull();
  }
  expect(truncate(transcript, 5)).toEqual(transcript);
});

describe("an action from the other player", () => {
  const wrong = alan.sign(Buffer.from("something else"));
  test.each([
    ["no square", "11", { ...parse("44"), signature: wrong }, "BAD_ARGUMENTS"],
    ["after the end", wonByX, { ...parse("33"), signature: wrong }, "MATCH_OVER"],
    ["out of turn", "", { ...parse("22"), signature: wrong }, "NOT_YOUR_TURN"],
    ["out of turn on a taken square", "11 22", { ...parse("11"), signature: wrong }, "NOT_YOUR_TURN"],
    ["giving up for me", "11", { ...parse("endX"), signature: wrong }, "NOT_YOUR_TURN"],
    ["on a taken square", "11", { ...parse("11"), signature: wrong }, "SQUARE_TAKEN"],
    ["in turn, wrongly signed", "11", { ...parse("22"), signature: wrong }, "BAD_SIGNATURE"],
    ["giving up, wrongly signed", "11", { ...parse("endO"), signature: wrong }, "BAD_SIGNATURE"],
  ])("%s is refused, and the transcript stays", (_, steps, signed, code) => {
    const transcript = played(steps);
    const before = truncate(transcript, transcript.actions.length);
    expect(appendAction(transcript, signed, ed25519Verify, "O")).toEqual({ ok: false, code });
    expect(transcript).toEqual(before);
  });

  test("in turn and well signed is accepted", () => {
    const longer = played("11 22");
    const appended = appendAction(played("11"), longer.actions[1]!, ed25519Verify, "O");
    expect(appended).toEqual({ ok: true, transcript: longer });
  });

  test("that this player signed and has lost is accepted back", () => {
    const longer = played("11");
    expect(appendAction(played(""), longer.actions[0]!, ed25519Verify, "O")).toEqual({
      ok: true,
      transcript: longer,
    });
  });
});

describe("two transcripts of one match", () => {
  const oneFromWinning = "11 21 12 22";
  const cases: [string, string, string, object][] = [
    ["the same", wonByX, wonByX, { kind: "extends", longer: wonByX }],
    ["one longer", "11 22", wonByX.slice(0, 2), { kind: "extends", longer: "11 22" }],
    ["one empty", "", "11 22 33", { kind: "extends", longer: "11 22 33" }],
    ["X signed two first moves", "11", "12", { kind: "fork", cheater: "X" }],
    ["O signed two answers, then both went on", "11 22 12 13", "11 21 12", { kind: "fork", cheater: "O" }],
    ["O moved and gave up with the same n", "11 22", "11 endO", { kind: "fork", cheater: "O" }],
    ["X's end crossed O's move", "11 endX", "11 22", { kind: "crossed", standing: "11 endX" }],
    ["O's end crossed X's move and X went on", "endO", "11 endX", { kind: "crossed", standing: "endO" }],
    ["two ends crossed", "11 endO", "11 endX", { kind: "crossed", standing: "11 endX" }],
    [
      "an end crossed the winning move",
      `${oneFromWinning} endO`,
      `${oneFromWinning} 13`,
      { kind: "crossed", standing: `${oneFromWinning} 13` },
    ],
    [
      "an end crossed the move that fills the board",
      "11 12 13 22 21 23 32 31 33",
      "11 12 13 22 21 23 32 31 endO",
      { kind: "crossed", standing: "11 12 13 22 21 23 32 31 33" },
    ],
  ];

  const start = freshTranscript();
  const named = (expected: object) =>
    Object.fromEntries(
      Object.entries(expected).map(([key, value]) => [
        key,
        key === "longer" || key === "standing" ? played(value, start) : value,
      ]),
    );

  test.each(cases)("%s", (_, one, other, expected) => {
    expect(compareTranscripts(played(one, start), played(other, start))).toEqual(named(expected));
  });

  test.each(cases)("%s, compared in the other order", (_, one, other, expected) => {
    expect(compareTranscripts(played(other, start), played(one, start))).toEqual(named(expected));
  });
});
