import { describe, expect, it } from "vitest";
import { LineCutter, PrintedLines } from "./printed-lines.ts";

describe("printed lines", () => {
  it("hands out a matching line once, and skips those before it", () => {
    const printed = new PrintedLines();
    for (const line of ["one", "two", "two again"]) printed.add(line);
    expect(printed.take(/two/)?.[0]).toBe("two");
    expect(printed.take(/one/)).toBeNull();
    expect(printed.take(/^two (.*)/)?.[1]).toBe("again");
    expect(printed.take(/two/)).toBeNull();
  });

  it("keeps unread lines when nothing matches", () => {
    const printed = new PrintedLines();
    printed.add("one");
    expect(printed.take(/two/)).toBeNull();
    expect(printed.take(/one/)).not.toBeNull();
  });
});

describe("the line cutter", () => {
  it.each([
    [["one\ntwo\n"], ["one", "two"]],
    [
      ["o", "ne\r", "\ntw", "o"],
      ["one", "two"],
    ],
    [["\n\n"], ["", ""]],
  ])("cuts %j into %j", (chunks, expected) => {
    const lines: string[] = [];
    const cutter = new LineCutter((line) => lines.push(line));
    for (const chunk of chunks) cutter.push(chunk);
    cutter.flush();
    expect(lines).toEqual(expected);
  });

  it("cuts a line that never ends", () => {
    const lines: string[] = [];
    const cutter = new LineCutter((line) => lines.push(line));
    cutter.push("x".repeat(100_000));
    expect(lines.map((line) => line.length)).toEqual([100_000]);
  });
});
