// What is folded, and what is not.
import { expect, test } from "vitest";
import { countOf, foldedInWords, foldRoutine } from "./fold.ts";
import type { Said } from "./sequence-data.ts";

const ROUTINE = /^p[io]ng$/;

/** One word each: `connection:type`. */
function said(words: string): Said[] {
  return words.split(" ").map((word, index): Said => {
    const [connection, type] = word.split(":") as [string, string];
    const [from, to] = type === "pong" ? [1, 0] : [0, 1];
    const times = { sentMs: index, receivedMs: index };
    const content = { bytes: 7, type, text: `${type};1` };
    return {
      ...{ from, to, flow: 0, connection: Number(connection) },
      ...times,
      ...content,
      isRoutine: ROUTINE.test(type),
    };
  });
}

const inWords = (all: Said[]) =>
  all.map(({ connection, type, folded }) => `${connection}:${folded ? foldedInWords(folded.counts) : type}`);

test("what comes again and again on a connection is one entry, whatever others say meanwhile", () => {
  const all = said("0:ping 1:play 0:pong 1:play 0:ping 1:play 0:pong");
  expect(inWords(foldRoutine(all))).toEqual(["0:2 × ping/pong", "1:play", "1:play", "1:play"]);
  expect(foldRoutine(all)[0]).toMatchObject({
    sentMs: 0,
    bytes: 28,
    folded: { untilMs: 6, isBothWays: true },
  });
});

test("anything else on the connection ends it, and two are not worth folding", () => {
  expect(inWords(foldRoutine(said("0:ping 0:pong 0:list 0:ping 0:ping 0:ping")))).toEqual([
    "0:ping",
    "0:pong",
    "0:list",
    "0:3 × ping",
  ]);
});

test("connections are folded apart", () => {
  expect(inWords(foldRoutine(said("0:ping 1:ping 0:pong 1:pong 0:ping 1:ping")))).toEqual([
    "0:2 × ping, 1 × pong",
    "1:2 × ping, 1 × pong",
  ]);
});

test("none gets lost, and to fold again changes nothing", () => {
  const all = said("0:ping 0:pong 1:play 0:ping 1:ping 1:ping 1:ping");
  const folded = foldRoutine(all);
  expect(countOf(folded)).toBe(all.length);
  expect(foldRoutine(folded)).toEqual(folded);
});
