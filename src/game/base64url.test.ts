import fc from "fast-check";
import { expect, test } from "vitest";
import { fromBase64url, toBase64url } from "./base64url.ts";

test("bytes are restored from their base64url, and no other text decodes to them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = toBase64url(bytes);
      expect(text).toMatch(/^[A-Za-z0-9_-]*$/);
      expect(fromBase64url(text)).toEqual(Buffer.from(bytes));
      expect(fromBase64url(text, bytes.length)).toEqual(Buffer.from(bytes));
      expect(fromBase64url(text, bytes.length + 1)).toBeNull();
    }),
  );
});

test("a view into a larger buffer is written without its surroundings", () => {
  const bytes = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3);
  expect(toBase64url(bytes)).toBe("AgM");
});

test.each([
  ["padding", "AA=="],
  ["bits that must be zero", "AB"],
  ["bits that must be zero in the third place", "AAB"],
  ["a length that no bytes have", "A"],
  ["the alphabet of plain base64", "+/+/"],
  ["a space", "AA AA"],
  ["a line end", "AAAA\n"],
  ["text beyond ASCII", "AAÁA"],
])("%s is not canonical", (_, text) => {
  expect(fromBase64url(text)).toBeNull();
});

test("exactly the 256 canonical texts of two characters are accepted", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. ";
  const read = [...alphabet].flatMap((first) =>
    [...alphabet].filter((second) => fromBase64url(first + second)),
  );
  expect(read).toHaveLength(256);
});
