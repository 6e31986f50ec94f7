import { expect, it } from "vitest";
import { lineOf } from "./line-editor.ts";
import { Screen } from "./screen.ts";

function screenOf(columns: number, isDumb = false): { screen: Screen; written: () => string } {
  let output = "";
  const screen = new Screen(
    (text) => {
      output += text;
    },
    () => columns,
    isDumb,
  );
  return {
    screen,
    written: () => {
      const text = output;
      output = "";
      return text;
    },
  };
}

const plain = { prompt: ">", paint: (text: string) => text };

it("hides the input line, prints, and shows it again as it was", () => {
  const { screen, written } = screenOf(80);
  const input = { ...plain, line: { ...lineOf("lis"), cursor: 1 } };
  screen.show(input);
  written();
  screen.print("alan has left", input);
  expect(written()).toBe("\r\x1b[Kalan has left\n> lis\r\x1b[3C");
});

it("shows the part of a long line around the cursor", () => {
  const { screen, written } = screenOf(13);
  screen.show({ ...plain, line: lineOf("abcdefghijklmnop") });
  expect(written()).toBe("\r\x1b[K> ghijklmnop\r\x1b[12C");
});

it("draws nothing when nothing has changed", () => {
  const { screen, written } = screenOf(80);
  screen.show({ ...plain, line: lineOf("lis") });
  written();
  screen.show({ ...plain, line: lineOf("lis") });
  expect(written()).toBe("");
});

it.each([
  ["a wide letter takes two columns", "日本", 2, "> 日本\r\x1b[6C"],
  ["an emoji takes two columns", "👍🏽", 4, "> 👍🏽\r\x1b[4C"],
  ["an accent of its own takes none", "e\u0301", 2, "> e\u0301\r\x1b[3C"],
])("%s", (_, text, cursor, drawn) => {
  const { screen, written } = screenOf(80);
  screen.show({ ...plain, line: { ...lineOf(text), cursor } });
  expect(written()).toBe(`\r\x1b[K${drawn}`);
});

it("no line is wider than a narrow screen, and its prompt keeps its sign", () => {
  const { screen, written } = screenOf(10);
  screen.show({ prompt: "New password for alan:", paint: plain.paint, line: lineOf("日本日本") });
  expect(written()).toBe("\r\x1b[KNew : 本\r\x1b[8C");
});

it("erases a line with spaces and moves the cursor by writing again, in a dumb terminal", () => {
  const { screen, written } = screenOf(80, true);
  screen.show({ ...plain, line: { ...lineOf("list"), cursor: 1 } });
  expect(written()).toBe("\r\r> list\r> l");
  screen.print("alan has left", { ...plain, line: lineOf("li") });
  expect(written()).toBe("\r      \ralan has left\n> li\r> li");
  screen.clear();
  expect(written()).toBe("\n");
});
