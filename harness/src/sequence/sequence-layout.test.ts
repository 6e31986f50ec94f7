// What a reader of the diagram can rely on.
import fc from "fast-check";
import { expect, test } from "vitest";
import { cutsOf, partsOf, sliceOf } from "./sequence-cuts.ts";
import type { SequenceData, SequenceMessage } from "./sequence-data.ts";
import { layOutSequence } from "./sequence-layout.ts";

const ROW = 20;
const space = { gutter: 30, columnGap: 200, margin: 50, rowHeight: ROW };

type Way = [from: number, to: number, sentMs: number, takesMs: number | null];

function dataOf(ways: Way[], more: Partial<SequenceData> = {}): SequenceData {
  const messages = ways
    .map(([from, to, sentMs, takesMs]): SequenceMessage => {
      const receivedMs = takesMs === null ? null : sentMs + takesMs;
      return { from, to, sentMs, receivedMs, flow: 0, connection: 0, bytes: 1, type: "x", text: "x" };
    })
    .sort((one, other) => one.sentMs - other.sentMs);
  const participants = ["server", "alan", "beto"].map((label) => ({ label, lives: [] }));
  return {
    participants,
    flows: [{ label: "all", colour: "#000" }],
    messages,
    marks: [],
    leftOut: 0,
    ...more,
  };
}

function layOut(ways: Way[], more: Partial<SequenceData> = {}) {
  const data = dataOf(ways, more);
  return layOutSequence(data, data.messages, space);
}

const someWays = fc.array(
  fc.tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 400 }),
    fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
  ),
  { maxLength: 40 },
);

test("the events of a participant are in order on its line", () => {
  fc.assert(
    fc.property(someWays, (ways) => {
      const { arrows } = layOut(ways);
      for (const participant of [0, 1, 2]) {
        const moments = arrows.flatMap(({ message, fromY, toY }) => [
          ...(message.from === participant ? [{ atMs: message.sentMs, y: fromY }] : []),
          ...(message.to === participant && message.receivedMs !== null
            ? [{ atMs: message.receivedMs, y: toY }]
            : []),
        ]);
        const inTime = moments.toSorted((one, other) => one.atMs - other.atMs || one.y - other.y);
        const heights = inTime.map(({ y }) => y);
        expect(heights).toEqual(heights.toSorted((one, other) => one - other));
      }
    }),
  );
});

test("no two messages begin in the same row", () => {
  fc.assert(
    fc.property(someWays, (ways) => {
      const heights = layOut(ways).arrows.map(({ fromY }) => fromY);
      for (const [index, y] of heights.slice(1).entries())
        expect(y - heights[index]!).toBeGreaterThan(ROW - 1e-6);
    }),
  );
});

test("an arrow is level unless its message took visibly long or arrived after a later event", () => {
  const slopes = (ways: Way[]) => layOut(ways).arrows.map(({ fromY, toY }) => toY > fromY);
  expect(
    slopes([
      [0, 1, 0, 0.4],
      [1, 0, 1, 0.4],
    ]),
  ).toEqual([false, false]);
  expect(slopes([[0, 1, 0, 40]])).toEqual([true]);
  expect(
    slopes([
      [0, 1, 0, 2],
      [1, 0, 1, 2],
    ]),
  ).toEqual([true, false]);
});

test("a pause takes more room, but at most one row", () => {
  const [first, second, third] = layOut([
    [0, 1, 0, 0],
    [0, 1, 1_000, 0],
    [0, 1, 3_601_000, 0],
  ]).arrows;
  expect(second!.fromY - first!.fromY).toBeGreaterThan(ROW);
  expect(third!.fromY - second!.fromY).toBeLessThan(2 * ROW + 1e-6);
});

test("a phase without messages has no row", () => {
  const marks = ["start", "idle", "match"].map((label, index) => ({
    label,
    atMs: index * 100,
    kind: "phase" as const,
  }));
  const { marks: placed } = layOut(
    [
      [0, 1, 50, 0],
      [0, 1, 250, 0],
    ],
    { marks },
  );
  expect(placed.map(({ label }) => label)).toEqual(["start", "match"]);
  expect(placed[0]!.bottom).toBe(placed[1]!.top);
});

test("a lifeline is as long as its process lives", () => {
  const lives = [
    { startMs: 0, endMs: 100 },
    { startMs: 200, endMs: 500 },
  ];
  const participants = [
    { label: "server", lives },
    { label: "alan", lives: [] },
    { label: "beto", lives: [] },
  ];
  const { lifelines, arrows } = layOut(
    [
      [0, 1, 50, 0],
      [1, 2, 150, 0],
      [0, 1, 250, 0],
    ],
    { participants },
  );
  const server = lifelines.filter(({ x }) => x === arrows[0]!.fromX);
  expect(server).toHaveLength(2);
  const [y1, y2, y3] = arrows.map(({ fromY }) => fromY);
  expect(server[0]!.bottom > y1! && server[0]!.bottom < y2!).toBe(true);
  expect(server[1]!.top > y2! && server[1]!.top < y3!).toBe(true);
});

test("cut for paper, no part is taller than a sheet unless arrows leave no place to cut", () => {
  const ways = Array.from({ length: 60 }, (_, index): Way => [index % 3, (index + 1) % 3, index * 100, 0.1]);
  const parts = partsOf(layOut(ways), 400);
  expect(parts.length).toBeGreaterThan(3);
  for (const { height } of parts) expect(height).toBeLessThanOrEqual(400);
  expect(parts.flatMap(({ arrows }) => arrows)).toHaveLength(60);
});

test("the parts of a diagram contain every arrow uncut, wherever it may be cut", () => {
  fc.assert(
    fc.property(someWays, (ways) => {
      const layout = layOut(ways);
      const edges = [0, ...cutsOf(layout).filter((cut) => cut > 0), layout.height];
      const parts = edges.slice(1).map((bottom, index) => sliceOf(layout, edges[index]!, bottom));
      expect(parts.flatMap(({ arrows }) => arrows.map(({ message }) => message))).toEqual(
        layout.arrows.map(({ message }) => message),
      );
      for (const { arrows, height } of parts)
        for (const { fromY, toY } of arrows) expect(Math.max(fromY, toY)).toBeLessThanOrEqual(height);
    }),
  );
});
