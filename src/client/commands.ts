// A typed line → a command, a question for what is missing, or what is wrong with it.
import { coordinate, userName } from "../protocol/fields.ts";
import type { Command, CommandName } from "./command.ts";
import type { Texts } from "./texts/texts.ts";
import { isSecret, isWord, type Parameter, type Word, wordParameters, words } from "./words.ts";

export type ReadCommand =
  | { kind: "nothing" }
  | { kind: "run"; command: Command }
  /** Passwords were left out: they are asked for, hidden. */
  | { kind: "ask"; word: "adduser" | "login" | "passwd"; given: string[] }
  | { kind: "help" }
  | { kind: "exit" }
  | { kind: "wrong"; text: string };

/** `isQuestion`: a yes or no is expected, so an answer is one, and an empty line means yes. */
export function readCommand(line: string, isQuestion: boolean, texts: Texts): ReadCommand {
  const [word = "", ...args] = line.trim().split(/\s+/);
  const answer = args.length === 0 ? answerOf(word, texts) : null;
  if (answer !== null && (isQuestion || word !== "")) return { kind: "run", command: answer };
  if (word === "") return { kind: "nothing" };
  const name = word.toLowerCase();
  if (!isWord(name)) {
    if (isQuestion && args.length === 0 && word.length < 3)
      return { kind: "wrong", text: texts.answerYesOrNo };
    return { kind: "wrong", text: texts.unknownCommand(word, suggestionFor(name)) };
  }
  return readArguments(name, args, texts);
}

export function commandNameOf(word: Word): CommandName | null {
  return word === "help" || word === "exit" ? null : word;
}

/** What may be left out, to be asked for, is in brackets. */
export function usageOf(word: Word, texts: Texts): string {
  const parameters: readonly Parameter[] = wordParameters[word];
  const shown = parameters.map((parameter) => {
    const name = texts.parameters[parameter];
    return isSecret(parameter) ? `[${name}]` : `<${name}>`;
  });
  return [word, ...shown].join(" ");
}

/** A command whose arguments are all there; `args` fit the word. */
export function commandFrom(word: "adduser" | "login" | "passwd", args: string[]): Command {
  const [first = "", second = ""] = args;
  if (word === "passwd") return { name: word, oldPassword: first, newPassword: second };
  return { name: word, user: first, password: second };
}

/** How many of the arguments that a word takes may be left out, to be asked for. */
export function secretCount(word: Word): number {
  return (wordParameters[word] as readonly Parameter[]).filter(isSecret).length;
}

function readArguments(word: Word, args: string[], texts: Texts): ReadCommand {
  const count = wordParameters[word].length;
  const usage: Extract<ReadCommand, { kind: "wrong" }> = {
    kind: "wrong",
    text: texts.usage(usageOf(word, texts)),
  };
  const isSecretLeftOut = secretCount(word) > 0 && args.length === count - secretCount(word);
  if (secretCount(word) > 0 && args.length > count)
    return { ...usage, text: `${usage.text}\n${texts.leaveSecretsOut}` };
  if (args.length !== count && !isSecretLeftOut) return usage;
  const [first = ""] = args;
  switch (word) {
    case "help":
    case "exit":
      return { kind: word };
    case "adduser":
    case "login":
    case "passwd":
      if (word !== "passwd" && userName.read(first) === undefined)
        return { kind: "wrong", text: texts.badUser };
      return isSecretLeftOut
        ? { kind: "ask", word, given: args }
        : { kind: "run", command: commandFrom(word, args) };
    case "begin":
      if (userName.read(first) === undefined) return { kind: "wrong", text: texts.badUser };
      return { kind: "run", command: { name: "begin", user: first } };
    case "send": {
      const [row, column] = args.map((text) => coordinate.read(text));
      if (!row || !column) return { kind: "wrong", text: texts.badSquare };
      return { kind: "run", command: { name: "send", row, column } };
    }
    default:
      return { kind: "run", command: { name: word } };
  }
}

function answerOf(word: string, texts: Texts): Command | null {
  const text = word.toLowerCase();
  if (texts.yes.includes(text)) return { name: "answer", isYes: true };
  return texts.no.includes(text) ? { name: "answer", isYes: false } : null;
}

/** The nearest word, if one is near. */
export function suggestionFor(text: string): Word | null {
  const near = words
    .map((word) => ({ word, distance: word.startsWith(text) ? 0 : editDistance(text, word) }))
    .sort((one, other) => one.distance - other.distance)[0];
  return near && near.distance <= 2 && near.distance < text.length ? near.word : null;
}

function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const current = [row];
    for (let column = 1; column <= other.length; column++) {
      const change = one[row - 1] === other[column - 1] ? 0 : 1;
      current[column] = Math.min(
        current[column - 1]! + 1,
        previous[column]! + 1,
        previous[column - 1]! + change,
      );
    }
    previous = current;
  }
  return previous[other.length]!;
}
