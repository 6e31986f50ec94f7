import fc from "fast-check";
import { expect, test } from "vitest";
import { compactJson } from "./compact-json.ts";

test("Any value is read back as it was written", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(compactJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test("A value that fits on a line stays on one, and others are indented", () => {
  const samples = [1, 2].map((timeMs) => ({ timeMs, text: "x".repeat(40), nothing: undefined }));
  expect(compactJson({ id: "server", empty: [], samples })).toBe(
    `{
  "id": "server",
  "empty": [],
  "samples": [
    { "timeMs": 1, "text": "${"x".repeat(40)}" },
    { "timeMs": 2, "text": "${"x".repeat(40)}" }
  ]
}
`,
  );
});

test("No line with a nested value is longer than 110 letters", () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.integer(), { maxLength: 30 }), { maxLength: 30 }), (value) => {
      for (const line of compactJson(value).split("\n")) expect(line.length).toBeLessThanOrEqual(110);
    }),
  );
});
