import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBlock, encodeBlock, LineReader, MAX_LINE_BYTES, MAX_LINE_TO_CLIENT_BYTES } from "./line.ts";

/** Every line that comes out of `bytes` when they arrive in `chunks`; the last entry is "malformed" if it came to that. */
function linesOf(chunks: Buffer[], maxLineBytes = MAX_LINE_BYTES): string[] {
  const reader = new LineReader(maxLineBytes);
  const lines: string[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (;;) {
      const read = reader.next();
      if (read.kind === "incomplete") break;
      if (read.kind === "malformed") return [...lines, "malformed"];
      lines.push(read.line);
    }
  }
  return lines;
}

function cut(bytes: Buffer, places: number[]): Buffer[] {
  const inOrder = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort(
    (a, b) => a - b,
  );
  return inOrder.slice(1).map((end, index) => bytes.subarray(inOrder[index], end));
}

describe("lines", () => {
  test.each([
    ["one line", "list\n", ["list"]],
    ["two lines at once", "list\nleaders\n", ["list", "leaders"]],
    ["a CR before the LF is not part of the line", "list\r\nleaders\r\n", ["list", "leaders"]],
    ["empty lines are passed over", "\n\r\n\nlist\n\n", ["list"]],
    ["a line without its end has not come yet", "list\nlea", ["list"]],
    ["a space is a line", " \n", [" "]],
    ["the first and last printable bytes pass", " ~\n", [" ~"]],
    ["NUL", "list\nfoo\0bar\nlist\n", ["list", "malformed"]],
    ["a tab", "a\tb\n", ["malformed"]],
    ["DEL", "a\x7fb\n", ["malformed"]],
    ["UTF-8", "olá\n", ["malformed"]],
    ["a CR inside a line", "a\rb\n", ["malformed"]],
    ["two CRs before the LF", "a\r\r\n", ["malformed"]],
    ["a bad byte in a line that has not ended", "list\nlea\0", ["list", "malformed"]],
  ])("%s", (_, text, lines) => {
    expect(linesOf([Buffer.from(text)])).toEqual(lines);
  });

  test("every way to split a text in two or three gives the same lines", () => {
    const bytes = Buffer.from("list\r\n\nlogin;a;b\nbegin;Beto\r\nbad\rline\n");
    const whole = linesOf([bytes]);
    expect(whole).toEqual(["list", "login;a;b", "begin;Beto", "malformed"]);
    for (let first = 0; first <= bytes.length; first++)
      for (let second = first; second <= bytes.length; second++)
        expect(linesOf(cut(bytes, [first, second]))).toEqual(whole);
  });

  test("any bytes, however they are split, give the same lines", () => {
    const byte = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...Buffer.from("a;%\r\n")) },
      { weight: 2, arbitrary: fc.constant(0x0a) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
    );
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 80 }), fc.array(fc.nat(), { maxLength: 8 }), (all, places) => {
        const bytes = Buffer.from(all);
        const maxLineBytes = 12;
        expect(linesOf(cut(bytes, places), maxLineBytes)).toEqual(linesOf([bytes], maxLineBytes));
      }),
      { numRuns: 1_000 },
    );
  });

  test("printable lines are read as they were written, byte by byte", () => {
    const line = fc.string({
      unit: fc.integer({ min: 0x20, max: 0x7e }).map((n) => String.fromCharCode(n)),
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const bytes = Buffer.from(lines.map((each) => `${each}\n`).join(""));
        expect(linesOf([...bytes].map((byte) => Buffer.of(byte)))).toEqual(lines);
      }),
    );
  });

  test("after a malformed line nothing more is read", () => {
    for (const bad of ["a\0\n", "x".repeat(5_000)]) {
      const reader = new LineReader(MAX_LINE_BYTES);
      reader.push(Buffer.from(bad));
      expect(reader.next()).toEqual({ kind: "malformed" });
      reader.push(Buffer.from("\nlist\n"));
      expect(reader.next()).toEqual({ kind: "malformed" });
      expect(reader.next()).toEqual({ kind: "malformed" });
    }
  });
});

describe.each([
  ["towards a server", MAX_LINE_BYTES, 4_096],
  ["towards a client", MAX_LINE_TO_CLIENT_BYTES, 65_536],
])("the longest line %s", (_, limit, bytes) => {
  const text = (length: number) => Buffer.from("x".repeat(length));

  test("counts its line end", () => {
    expect(limit).toBe(bytes);
    expect(linesOf([text(bytes - 1), Buffer.from("\n")], limit)).toEqual(["x".repeat(bytes - 1)]);
    expect(linesOf([text(bytes), Buffer.from("\n")], limit)).toEqual(["malformed"]);
    expect(linesOf([Buffer.concat([text(bytes - 1), Buffer.from("\n")])], limit)).toHaveLength(1);
    expect(linesOf([Buffer.concat([text(bytes), Buffer.from("\n")])], limit)).toEqual(["malformed"]);
  });

  test("counts its CR", () => {
    expect(linesOf([text(bytes - 2), Buffer.from("\r\n")], limit)).toHaveLength(1);
    expect(linesOf([text(bytes - 1), Buffer.from("\r\n")], limit)).toEqual(["malformed"]);
    expect(linesOf([text(bytes - 1), Buffer.from("\r"), Buffer.from("\n")], limit)).toEqual(["malformed"]);
  });

  test("is refused as soon as it is too long, without waiting for its end", () => {
    expect(linesOf([text(bytes - 1)], limit)).toEqual([]);
    expect(linesOf([text(bytes)], limit)).toEqual(["malformed"]);
  });

  test("does not count the lines before it", () => {
    expect(linesOf([Buffer.from("list\n"), text(bytes - 1), Buffer.from("\nlist\n")], limit)).toHaveLength(3);
  });
});

test("an endless line does not use ever more memory", () => {
  const reader = new LineReader(MAX_LINE_BYTES);
  const chunk = Buffer.alloc(64 * 1024, "x");
  let malformedCount = 0;
  for (let count = 0; count < 2_000; count++) {
    reader.push(chunk);
    if (reader.next().kind === "malformed") malformedCount++;
  }
  const before = process.memoryUsage().heapUsed;
  for (let count = 0; count < 2_000; count++) {
    reader.push(chunk);
    reader.next();
  }
  expect(malformedCount).toBe(2_000);
  // 128 MB went through; string garbage of single chunks may wait for a collection.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(32 * 1024 * 1024);
});

describe("blocks", () => {
  test.each([
    ["plain text stays", "Beto_1.x-y", "Beto_1.x-y"],
    ["a space stays", "a b", "a b"],
    ["the separator", "a;b", "a%3Bb"],
    ["the escape itself", "100%", "100%25"],
    ["a line end", "a\nb\r", "a%0Ab%0D"],
    ["NUL and DEL", "\0\x7f", "%00%7F"],
    ["UTF-8 of two bytes", "olá", "ol%C3%A1"],
    ["UTF-8 of four bytes", "🎲", "%F0%9F%8E%B2"],
    ["nothing", "", ""],
  ])("%s: %j is encoded as %s", (_, text, block) => {
    expect(encodeBlock(text)).toBe(block);
    expect(decodeBlock(block)).toBe(text);
  });

  test.each(["%", "%2", "%zz", "a%3", "%%", "%3g", "% 3", "%+1"])("%s is malformed", (block) => {
    expect(decodeBlock(block)).toBeNull();
  });

  test.each(["%ff", "%C3", "%C3%28", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%80"])(
    "%s is not UTF-8, so it is malformed",
    (block) => {
      expect(decodeBlock(block)).toBeNull();
    },
  );

  test("hex digits may be of either case, and unnecessary escapes are decoded", () => {
    expect(decodeBlock("%3b")).toBe(";");
    expect(decodeBlock("%3B")).toBe(";");
    expect(decodeBlock("%41lan")).toBe("Alan");
  });

  test("any text is restored, and is sent as printable ASCII without a separator", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 20 }), (text) => {
        const block = encodeBlock(text);
        expect(block).toMatch(/^[\x20-\x3a\x3c-\x7e]*$/);
        expect(decodeBlock(block)).toBe(text);
      }),
    );
  });

  test("any block is decoded or refused, without an exception", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."%0aFfcC3;z ") }), (block) => {
        expect(["string", "object"]).toContain(typeof decodeBlock(block));
      }),
    );
  });
});
