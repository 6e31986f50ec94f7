// What is kept of the beginning of a connection.
import { describe, expect, test } from "vitest";
import { beginningOf, FirstLines } from "./first-lines.ts";

function linesAfter(...texts: string[]): string[] {
  const lines = new FirstLines();
  for (const text of texts) lines.add(text);
  return lines.lines();
}

describe("the first lines of a direction", () => {
  test("are the same however they arrive", () => {
    expect(linesAfter("join;game;1\r\nproof;x\n")).toEqual(["join;game;1", "proof;x"]);
    expect(linesAfter(..."join;game;1\r\nproof;x\n")).toEqual(["join;game;1", "proof;x"]);
  });

  test("include one that has not ended yet", () => {
    expect(linesAfter("heart")).toEqual(["heart"]);
  });

  test("are at most three, of at most 512 bytes", () => {
    expect(linesAfter("1\n2\n3\n4\n", "5\n")).toEqual(["1", "2", "3"]);
    expect(linesAfter("x".repeat(600), "y")).toEqual(["x".repeat(512)]);
  });

  test("are not wanted any more once there are three", () => {
    const lines = new FirstLines();
    lines.add("1\n2\n");
    expect(lines.isFull).toBe(false);
    lines.add("3\n");
    expect(lines.isFull).toBe(true);
  });

  test("are none when a TLS handshake begins", () => {
    const lines = new FirstLines();
    lines.add("\x16\x03\x01\nsecret\n");
    expect(lines.isTls).toBe(true);
    expect(lines.lines()).toEqual([]);
  });
});

describe("the beginning of what is written", () => {
  test.each([
    ["text", "list;\n", "utf8"],
    ["bytes", Buffer.from("list;\n"), "buffer"],
    ["encoded text", Buffer.from("list;\n").toString("base64"), "base64"],
  ])("is the same from %s", (_kind, data, encoding) => {
    expect(beginningOf(false, data, encoding)).toBe("list;\n");
    expect(beginningOf(true, [{ chunk: data, encoding }], "")).toBe("list;\n");
  });
});
