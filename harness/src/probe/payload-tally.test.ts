// Splitting the payload of one direction into messages.
import { describe, expect, test } from "vitest";
import { PayloadTally } from "./payload-tally.ts";

const format = { separator: "\n", type: { source: "^(\\w+)", flags: "g" } };

function countsAfter(...texts: string[]) {
  const tally = new PayloadTally(format);
  for (const text of texts) tally.add(Buffer.from(text));
  return tally.counts();
}

function countsOf(bytes: Buffer) {
  const tally = new PayloadTally(format);
  tally.add(bytes);
  return tally.counts();
}

describe("a payload", () => {
  test("is counted by message type, separators included", () => {
    expect(countsAfter("ping;1\nlist\nping;22\n")).toEqual([
      { type: "ping", count: 2, bytes: 15 },
      { type: "list", count: 1, bytes: 5 },
    ]);
  });

  test("is counted the same however it is split", () => {
    const text = "ping;1\n\nlistACK;ana:free\n;\nrest";
    expect(countsAfter(...text)).toEqual(countsAfter(text));
  });

  test.each(["utf8", "latin1", "utf16le", "base64", "hex"] as const)(
    "is counted the same as text and as bytes: %s",
    (encoding) => {
      const bytes = Buffer.from("ping;1\nolé;2\n\nACK;ana\nrest", encoding === "utf8" ? "utf8" : "latin1");
      for (const times of [1, 20, 4_000]) {
        const all = Buffer.concat(Array.from({ length: times }, () => bytes));
        const text = all.toString(encoding);
        const tally = new PayloadTally(format);
        tally.addText(text, encoding);
        tally.addText("", encoding);
        expect(tally.counts()).toEqual(countsOf(Buffer.from(text, encoding)));
      }
    },
  );

  test("adds up to its bytes, whatever its content", () => {
    const counts = countsAfter("ping\n;;\n", "x".repeat(70_000), "é\n", "unf");
    expect(counts.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(5 + 3 + 70_003 + 3);
    expect(counts.map(({ type }) => type)).toEqual(["ping", "other", "x".repeat(256), "unfinished"]);
  });

  test("with ever new types is counted in a bounded table", () => {
    const counts = countsAfter(...Array.from({ length: 1_000 }, (_, index) => `t${index}\n`));
    expect(counts.length).toBe(201);
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
  });

  test("reports each message when it ends", () => {
    const heard: [string | null, number][] = [];
    const tally = new PayloadTally(format, { isRoom: true, add: (head, bytes) => heard.push([head, bytes]) });
    tally.add(Buffer.from("ping;1\npo"));
    tally.add(Buffer.from("ng;1\n"));
    expect(heard).toEqual([
      ["ping;1\n", 7],
      ["pong;1\n", 7],
    ]);
  });
});
