// The data of a sequence diagram, taken from a run.
import { expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { conversationRun, type Line } from "./conversation-run.fixture.ts";
import { foldedInWords } from "./fold.ts";
import { toSequenceData } from "./to-sequence-data.ts";

const many = 1_000;

test("a run without kept messages has no diagram", () => {
  expect(toSequenceData(sampleRun(), many, 200)).toBeNull();
});

test("participants are in the order of the run, and messages in the order of sending", () => {
  const data = toSequenceData(conversationRun(), many, 200)!;
  expect(data.participants.map(({ label }) => label)).toEqual(["server", "alan", "beto"]);
  expect(data.messages.slice(0, 3).map(({ from, to, text }) => [from, to, text])).toEqual([
    [0, 1, "secport;3001;•••"],
    [1, 0, null],
    [0, 1, null],
  ]);
  expect(data.messages.at(-1)).toMatchObject({ text: "list", receivedMs: null });
  expect(data.leftOut).toBe(0);
});

test("a program that was not measured is a participant, and messages to it count as arrived", () => {
  const run = conversationRun();
  const connections = run.connections.map((one) => ({ ...one, dialerSocketId: null }));
  const data = toSequenceData({ ...run, connections }, many, 200)!;
  expect(data.participants.at(-1)).toEqual({ label: "not measured", lives: [] });
  const toThem = data.messages.filter(({ to }) => to === data.participants.length - 1);
  expect(toThem.every(({ receivedMs }) => receivedMs !== null)).toBe(true);
});

test("of too many messages, routine is folded first, then the first ones are kept and the rest counted", () => {
  const pings = Array.from({ length: 500 }, (_, index): Line => ["dialer", 5_000 + index, 0.1, "ping;1"]);
  const moves = Array.from(
    { length: 10 },
    (_, index): Line => ["dialer", 15_000 + index, 0.1, `play;${index}`],
  );
  const all = toSequenceData(conversationRun({ delay: pings, moves }), 100, 200)!;
  expect(all.messages.at(-1)?.text).toBe("play;9");
  expect(all.messages.flatMap(({ folded }) => (folded ? [foldedInWords(folded.counts)] : []))).toEqual([
    "500 × ping",
  ]);
  expect(all.leftOut).toBe(0);
  const few = toSequenceData(conversationRun({ delay: pings, moves }), 8, 200)!;
  expect([few.messages.length, few.leftOut]).toEqual([8, 9]);
});

test("a text is cut to the given length", () => {
  const texts = toSequenceData(conversationRun(), many, 8)!.messages.map(({ text }) => text?.length ?? 0);
  expect(Math.max(...texts)).toBe(8);
});
