import { expect, it } from "vitest";
import { Conversation } from "../conversation.ts";
import { en } from "../texts/en.ts";
import { ptBr } from "../texts/pt-BR.ts";
import { wrap } from "./wrap.ts";

it("a line that fits stays as it is, spaces included", () => {
  expect(wrap("  1   X | O | \n\n     ---+---+---", 15)).toBe("  1   X | O | \n\n     ---+---+---");
});

it("a longer line is wrapped between words, and indented", () => {
  expect(wrap("short\n  cancel   take your invitation back", 16)).toBe(
    "short\n  cancel   take\n    your\n    invitation\n    back",
  );
});

it("colours count as zero columns", () => {
  expect(wrap("\x1b[31mone two\x1b[39m three", 7)).toBe("\x1b[31mone two\x1b[39m\n  three");
});

it("a word that is longer than a row is not broken", () => {
  expect(wrap("SHA-256 A6:92:26:24:04", 10)).toBe("SHA-256\n  A6:92:26:24:04");
});

it.each([
  ["English", en],
  ["Portuguese", ptBr],
])("help fits in 80 columns in %s", (_, texts) => {
  const printed: string[] = [];
  const client = { session: { isWaiting: false, question: null }, run() {}, refusalOf: () => null };
  const handlers = { print: (text: string) => printed.push(text), onChange() {}, onExit() {} };
  const conversation = new Conversation(client as never, texts, handlers);
  conversation.open();
  conversation.type("help");
  const lines = printed.join("\n").split("\n");
  expect(lines).toHaveLength(17);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
});
