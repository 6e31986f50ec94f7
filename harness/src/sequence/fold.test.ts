// Which messages are folded, and which are not.
import { expect, test } from "vitest";
import { countOf, foldedInWords, foldRoutine } from "./fold.ts";
import type { SequenceMessage } from "./sequence-data.ts";

const ROUTINE = /^p[io]ng$/;

/** One message for each word, `connection:type`. */
function messagesOf(words: string): SequenceMessage[] {
  return words.split(" ").map((word, index): SequenceMessage => {
    const [connection, type] = word.split(":") as [string, string];
    const [from, to] = type === "pong" ? [1, 0] : [0, 1];
    return {
      from: from!,
      to: to!,
      flow: 0,
      connection: Number(connection),
      sentMs: index,
      receivedMs: index,
      bytes: 7,
      type,
      text: `${type};1`,
      isRoutine: ROUTINE.test(type),
    };
  });
}

const inWords = (all: SequenceMessage[]) =>
  all.map(({ connection, type, folded }) => `${connection}:${folded ? foldedInWords(folded.counts) : type}`);

test("routine messages of a connection become one entry, whatever other connections carry meanwhile", () => {
  const all = messagesOf("0:ping 1:play 0:pong 1:play 0:ping 1:play 0:pong");
  expect(inWords(foldRoutine(all))).toEqual(["0:2 × ping/pong", "1:play", "1:play", "1:play"]);
  expect(foldRoutine(all)[0]).toMatchObject({
    sentMs: 0,
    bytes: 28,
    folded: { untilMs: 6, isBothWays: true },
  });
});

test("any other message on the connection ends the entry, and two messages are not folded", () => {
  expect(inWords(foldRoutine(messagesOf("0:ping 0:pong 0:list 0:ping 0:ping 0:ping")))).toEqual([
    "0:ping",
    "0:pong",
    "0:list",
    "0:3 × ping",
  ]);
});

test("each connection is folded separately", () => {
  expect(inWords(foldRoutine(messagesOf("0:ping 1:ping 0:pong 1:pong 0:ping 1:ping")))).toEqual([
    "0:2 × ping, 1 × pong",
    "1:2 × ping, 1 × pong",
  ]);
});

test("no message is lost, and folding twice changes nothing", () => {
  const all = messagesOf("0:ping 0:pong 1:play 0:ping 1:ping 1:ping 1:ping");
  const folded = foldRoutine(all);
  expect(countOf(folded)).toBe(all.length);
  expect(foldRoutine(folded)).toEqual(folded);
});
