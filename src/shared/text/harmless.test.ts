import fc from "fast-check";
import { expect, it } from "vitest";
import { harmless, withHarmlessTexts } from "./harmless.ts";

it.each([
  ["a terminal's title and a cleared screen", "\x1b]0;owned\x07\x1b[2J", "?]0;owned??[2J"],
  ["a line of its own", "no\r\nLogged out.\u2028x", "no??Logged out.?x"],
  ["C1 and DEL", "a\x9b31mb\x7f", "a?31mb?"],
  ["another direction", "a\u202eb\u2066c\u200f", "a?b?c?"],
  ["what nobody sees", "a\u200bb\ufeffc\u{e0041}", "a?b?c?"],
  ["what is harmless", "João venceu: 3 × 1 ✓ 日本 👍", "João venceu: 3 × 1 ✓ 日本 👍"],
])("%s", (_, text, shown) => {
  expect(harmless(text)).toBe(shown);
});

it("nothing else is changed, in any data", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const shown = harmless(text);
      expect(/\p{Cc}|\p{Bidi_Control}/u.test(shown)).toBe(false);
      expect(harmless(shown)).toBe(shown);
    }),
  );
  const data = { kind: "x", list: [{ text: "\x1b", count: 1, none: null, is: true, missing: undefined }] };
  expect(withHarmlessTexts(data)).toEqual({
    kind: "x",
    list: [{ text: "?", count: 1, none: null, is: true, missing: undefined }],
  });
});
