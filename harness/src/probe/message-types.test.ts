// The type of a message, read from its bytes, is the one that the pattern finds in its text.
import { expect, test } from "vitest";
import { headText, MessageTypes, TypePattern } from "./message-types.ts";

const MESSAGES = [
  "ping;1\n",
  "PING\n",
  ";\n",
  "\n",
  "a_b-c 9\n",
  "9x\n",
  "é\n",
  `${"long".repeat(100)};\n`,
  "ab",
  "ba",
];

test.each([
  ["^(\\w+)", "", true],
  ["^(\\d*)", "", true],
  ["^([A-Za-z]+)", "", true],
  ["^([A-Z_]+)", "i", true],
  ["^([a-z;]*)", "u", true],
  ["^([a-z]+)", "m", false],
  ["^([^;]+)", "", false],
  ["^([a-z]+);", "", false],
  ["([a-z]+)", "", false],
  ['"type":"(\\w+)"', "", false],
  ["^(a|b)?", "", false],
])("by %s with the flags '%s'", (source, flags, isByBytes) => {
  const pattern = new TypePattern({ source, flags });
  expect(pattern.isInRun !== null).toBe(isByBytes);
  const types = new MessageTypes(pattern);
  // Each twice: not yet known, and known.
  for (const message of [...MESSAGES, ...MESSAGES]) {
    const bytes = Buffer.from(`before${message}after`);
    const to = bytes.length - "after".length;
    const head = headText(bytes, 6, Math.min(to, 6 + 256));
    const expected = new RegExp(source, flags).exec(head)?.[1] ?? "other";
    expect(types.of(bytes, 6, to).type).toBe(expected);
  }
});

test("types with the same hash are told apart", () => {
  const types = new MessageTypes(new TypePattern({ source: "^(\\w+)", flags: "" }));
  // 31 * "A" + "a" and 31 * "B" + "B" are the same number.
  const typeOf = (text: string) => types.of(Buffer.from(text), 0, text.length).type;
  expect(["Aa", "BB", "Aa", "BB"].map(typeOf)).toEqual(["Aa", "BB", "Aa", "BB"]);
});
