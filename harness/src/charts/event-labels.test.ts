import fc from "fast-check";
import { expect, describe as group, test } from "vitest";
import {
  describe,
  type Label,
  type LabelSpace,
  layOutLabels,
  type Mark,
  SLANT,
  shorten,
} from "./event-labels.ts";

const space: LabelSpace = {
  left: 80,
  right: 950,
  lineHeight: 14,
  maxWidth: 104,
  maxShift: 56,
  measure: (text) => [...text].length * 6,
};

const mark = (x: number, text: string, isStrong = false): Mark => ({ x, text, isStrong });

const anyMarks = fc.array(
  fc.record({
    x: fc.double({ min: 80, max: 848, noNaN: true }),
    text: fc.oneof(
      fc.constantFrom("login", "X 2 2", "result reported"),
      fc.string({ minLength: 1, maxLength: 40 }),
    ),
    isStrong: fc.boolean(),
  }),
  { minLength: 1, maxLength: 250 },
);

/** In coordinates rotated with the text a label is an upright box: its extent across the slant. */
function box(label: Label) {
  const across = label.x * Math.sin(SLANT);
  return { from: across - space.lineHeight / 2, to: across + space.lineHeight / 2 };
}

test("A single label of an event at the end of the run lies inside the frame", () => {
  const [label] = layOutLabels([mark(space.right, "SIGTERM")], space);
  expect(label!.x + label!.width * Math.cos(SLANT)).toBeLessThanOrEqual(space.right);
});

group("labels of events", () => {
  test("never overlap", () => {
    fc.assert(
      fc.property(anyMarks, (marks) => {
        const boxes = layOutLabels(marks, space).map(box);
        for (const [index, next] of boxes.slice(1).entries()) {
          expect(next.from).toBeGreaterThanOrEqual(boxes[index]!.to - 1e-6);
        }
      }),
    );
  });

  test("stay inside the frame", () => {
    fc.assert(
      fc.property(anyMarks, (marks) => {
        for (const label of layOutLabels(marks, space)) {
          expect(label.width).toBeLessThanOrEqual(space.maxWidth);
          expect(label.x).toBeGreaterThanOrEqual(space.left);
          expect(label.x + label.width * Math.cos(SLANT)).toBeLessThanOrEqual(space.right);
        }
      }),
    );
  });

  test("stand for every event once, in the order of time", () => {
    fc.assert(
      fc.property(anyMarks, (marks) => {
        const labels = layOutLabels(marks, space);
        expect(labels.flatMap((label) => label.marks)).toHaveLength(marks.length);
        expect(new Set(labels.flatMap((label) => label.marks)).size).toBe(marks.length);
        const firsts = labels.map((label) => label.marks[0]!.x);
        expect(firsts).toEqual([...firsts].sort((a, b) => a - b));
      }),
    );
  });

  test("stand at their event if there is room", () => {
    const labels = layOutLabels([mark(100, "listening"), mark(300, "login")], space);
    expect(labels.map((label) => [label.x, label.text])).toEqual([
      [100, "listening"],
      [300, "login"],
    ]);
  });

  test("are moved apart evenly if there is no room", () => {
    const labels = layOutLabels([mark(300, "accepted"), mark(302, "match begins")], space);
    const pitch = space.lineHeight / Math.sin(SLANT);
    expect(labels[0]!.x).toBeCloseTo(301 - pitch / 2);
    expect(labels[1]!.x).toBeCloseTo(301 + pitch / 2);
  });

  test("count equal events that are close, also with another in between", () => {
    const labels = layOutLabels([mark(300, "login"), mark(304, "list"), mark(307, "login")], space);
    expect(labels.map((label) => label.text)).toEqual(["login ×2", "list"]);
  });

  test("are emphasised if one of their events is", () => {
    const [label] = layOutLabels([mark(300, "login"), mark(303, "login", true)], space);
    expect(label?.isStrong).toBe(true);
  });

  test("say how many events they do not name", () => {
    const many = Array.from({ length: 4_000 }, (_, index) => mark(80 + index * 0.19, `request ${index}`));
    const labels = layOutLabels(many, space);
    for (const { text, marks, unnamed } of labels) {
      expect(text).toMatch(new RegExp(` \\+${unnamed.toLocaleString("en-US")}$`));
      expect(unnamed).toBeLessThan(marks.length);
    }
  });

  test("take time in proportion to the number of events", () => {
    const workFor = (count: number) => {
      let work = 0;
      const events = Array.from({ length: count }, (_, index) => ({
        get x() {
          work += 1;
          return 80 + (768 * index) / count;
        },
        text: `request ${index}`,
        isStrong: false,
      }));
      const measure = (text: string) => {
        work += text.length;
        return space.measure(text);
      };
      layOutLabels(events, { ...space, measure });
      return work;
    };
    expect(workFor(40_000)).toBeLessThan(12 * workFor(4_000));
  });

  test("are absent without events", () => {
    expect(layOutLabels([], space)).toEqual([]);
  });
});

group("the text of a shared label", () => {
  const upTo = (length: number) => (text: string) => [...text].length <= length;

  test.each([
    [["login", "login"], 99, "login ×2"],
    [["login", "list", "login"], 99, "login ×2, list"],
    [["connected", "login", "login", "list"], 12, "connected +3"],
    [["a very long event"], 8, "a very…"],
    [["a very long event", "login"], 9, "a ver… +1"],
  ])("of %j in %i characters is %j", (texts, length, expected) => {
    expect(describe(texts, upTo(length)).text).toBe(expected);
  });

  test("is cut between characters, not inside one", () => {
    expect(shorten("😀😀😀😀", "", upTo(3))).toBe("😀😀…");
  });
});
