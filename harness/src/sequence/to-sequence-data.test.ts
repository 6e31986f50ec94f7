// What of a run a diagram is drawn from.
import { expect, test } from "vitest";
import { sampleRun } from "../result/sample-run.fixture.ts";
import { foldedInWords } from "./fold.ts";
import { type Line, saidRun } from "./said-run.fixture.ts";
import { toSequenceData } from "./to-sequence-data.ts";

const many = 1_000;

test("a run whose messages were not kept has no diagram", () => {
  expect(toSequenceData(sampleRun(), many, 200)).toBeNull();
});

test("those who spoke take part, in the order of the run, and what they said is in the order of sending", () => {
  const data = toSequenceData(saidRun(), many, 200)!;
  expect(data.participants.map(({ label }) => label)).toEqual(["server", "alan", "beto"]);
  expect(data.said.slice(0, 3).map(({ from, to, text }) => [from, to, text])).toEqual([
    [0, 1, "secport;3001;•••"],
    [1, 0, null],
    [0, 1, null],
  ]);
  expect(data.said.at(-1)).toMatchObject({ text: "list", receivedMs: null });
  expect(data.leftOut).toBe(0);
});

test("a program that was not measured takes part as such, and what it was sent counts as arrived", () => {
  const run = saidRun();
  const connections = run.connections.map((one) => ({ ...one, dialerSocketId: null }));
  const data = toSequenceData({ ...run, connections }, many, 200)!;
  expect(data.participants.at(-1)).toEqual({ label: "not measured", lives: [] });
  const toThem = data.said.filter(({ to }) => to === data.participants.length - 1);
  expect(toThem.every(({ receivedMs }) => receivedMs !== null)).toBe(true);
});

test("of too much, what tells nothing new is folded first, then the beginning is kept and the rest counted", () => {
  const pings = Array.from({ length: 500 }, (_, index): Line => ["dialer", 5_000 + index, 0.1, "ping;1"]);
  const moves = Array.from(
    { length: 10 },
    (_, index): Line => ["dialer", 15_000 + index, 0.1, `play;${index}`],
  );
  const all = toSequenceData(saidRun({ delay: pings, moves }), 100, 200)!;
  expect(all.said.at(-1)?.text).toBe("play;9");
  expect(all.said.flatMap(({ folded }) => (folded ? [foldedInWords(folded.counts)] : []))).toEqual([
    "500 × ping",
  ]);
  expect(all.leftOut).toBe(0);
  const few = toSequenceData(saidRun({ delay: pings, moves }), 8, 200)!;
  expect([few.said.length, few.leftOut]).toEqual([8, 9]);
});

test("a text is cut to what there is room for", () => {
  const texts = toSequenceData(saidRun(), many, 8)!.said.map(({ text }) => text?.length ?? 0);
  expect(Math.max(...texts)).toBe(8);
});
