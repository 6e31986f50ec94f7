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

describe("a line that has not ended", () => {
  it("is seen when it counts as printed, and what follows on it is seen later", () => {
    const printed = new PrintedLines();
    printed.addOpen("Name? ");
    expect(printed.take(/^Name\?/)?.[0]).toBe("Name?");
    expect(printed.take(/Name/)).toBeNull();
    printed.add("Name? Hello ana");
    expect(printed.take(/^Hello (.*)/)?.[1]).toBe("ana");
    expect(printed.kept.map(({ text }) => text)).toEqual(["Name? Hello ana"]);
  });

  it("belongs to its stream", () => {
    const printed = new PrintedLines();
    printed.addOpen("Name? ", 0);
    printed.take(/Name/);
    printed.add("a warning", 0, 1);
    expect(printed.take(/^a warning$/)).not.toBeNull();
    printed.addOpen("Name? Age? ", 0);
    expect(printed.take(/Age\?/)).not.toBeNull();
    expect(printed.last(5)).toEqual(["a warning", "Name? Age? "]);
  });
});

describe("waiting", () => {
  it("looks at each line once, however many come", () => {
    class CountedPattern extends RegExp {
      looks = 0;
      override exec(text: string) {
        this.looks += 1;
        return super.exec(text);
      }
    }
    const printed = new PrintedLines();
    const pattern = new CountedPattern("done");
    expect(printed.take(pattern)).toBeNull();
    const found: string[] = [];
    printed.wait(pattern, ([text]) => found.push(text));
    for (let index = 0; index < 10_000; index += 1) printed.add(`line ${index}`);
    printed.add("done");
    printed.add("done again");
    expect(found).toEqual(["done"]);
    expect(pattern.looks).toBe(10_001);
  });

  it("is answered in the order of asking, each line once", () => {
    const printed = new PrintedLines();
    const seen: string[] = [];
    printed.wait(/one/, () => seen.push("first"));
    const stop = printed.wait(/one/, () => seen.push("stopped"));
    printed.wait(/one|two/, () => seen.push("last"));
    stop();
    for (const line of ["one", "two", "one"]) printed.add(line);
    expect(seen).toEqual(["first", "last"]);
    expect(printed.take(/one/)).not.toBeNull();
  });
});

it("What nobody reads is forgotten in the end", () => {
  const printed = new PrintedLines();
  for (let index = 0; index < 500_000; index += 1) printed.add(`line ${index}`);
  expect(printed.count).toBe(500_000);
  expect(printed.kept.length).toBeLessThanOrEqual(200_000);
  expect(printed.take(/^line 499999$/)).not.toBeNull();
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

  it.each([
    [["\x1b[31mred\x1b[0m\r\n"], ["red"]],
    [
      ["10 %\r20 %\r100 %\r", "\ndone\r\r\n"],
      ["10 %", "20 %", "100 %", "done"],
    ],
  ])("removes from a terminal's %j what is no text", (chunks, expected) => {
    const lines: string[] = [];
    const cutter = new LineCutter((line) => lines.push(line), { isTerminal: true });
    for (const chunk of chunks) cutter.push(chunk);
    expect(cutter.rest).toBe("");
    expect(lines).toEqual(expected);
  });
});
