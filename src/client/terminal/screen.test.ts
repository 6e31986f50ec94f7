import { expect, it } from "vitest";
import { lineOf } from "./line-editor.ts";
import { Screen } from "./screen.ts";

function screenOf(columns: number): { screen: Screen; written: () => string } {
  let output = "";
  const screen = new Screen(
    (text) => {
      output += text;
    },
    () => columns,
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

it("hides the input line, prints, and shows it again as it was", () => {
  const { screen, written } = screenOf(80);
  const input = { prompt: "> ", promptWidth: 2, line: { ...lineOf("lis"), cursor: 1 } };
  screen.show(input);
  written();
  screen.print("alan has left", input);
  expect(written()).toBe("\r\x1b[Kalan has left\n> lis\r\x1b[3C");
});

it("shows the part of a long line around the cursor", () => {
  const { screen, written } = screenOf(13);
  screen.show({ prompt: "> ", promptWidth: 2, line: lineOf("abcdefghijklmnop") });
  expect(written()).toBe("\r\x1b[K> ghijklmnop\r\x1b[12C");
});

it("draws nothing when nothing has changed", () => {
  const { screen, written } = screenOf(80);
  screen.show({ prompt: "> ", promptWidth: 2, line: lineOf("lis") });
  written();
  screen.show({ prompt: "> ", promptWidth: 2, line: lineOf("lis") });
  expect(written()).toBe("");
});
