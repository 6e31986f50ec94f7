// What a user, or a bot, can ask a client to do: the words, what follows each, when it is allowed, and how a typed line
// becomes a command, a question for what is missing, or a text that says what is wrong.
import { distance } from "fastest-levenshtein";
import { coordinate, userName } from "../protocol/fields.ts";
import type { RefusalReason } from "./session/notice.ts";
import type { Texts } from "./texts/texts.ts";

export type Command =
  | { name: "adduser"; user: string; password: string }
  | { name: "passwd"; oldPassword: string; newPassword: string }
  | { name: "login"; user: string; password: string }
  | { name: "logout" }
  | { name: "list" }
  | { name: "leaders" }
  | { name: "begin"; user: string }
  | { name: "cancel" }
  | { name: "answer"; isYes: boolean }
  | { name: "send"; row: number; column: number }
  | { name: "board" }
  | { name: "delay" }
  | { name: "end" }
  | { name: "leave" }
  | { name: "reconnect" };

export type CommandName = Command["name"];

/** What can be typed: `answer` is typed as yes or no, and `help` and `exit` ask nothing of the session. */
export type Word = Exclude<CommandName, "answer"> | "help" | "exit";

/** Those that ask for the passwords that were left out. */
export type SecretWord = "adduser" | "login" | "passwd";

export type Parameter = "user" | "password" | "oldPassword" | "newPassword" | "row" | "column";

/** Where a user stands. A match goes on without the server, so `playing` says nothing about the connection. */
export type Phase = "disconnected" | "connected" | "logged-in" | "inviting" | "invited" | "playing";

/** In the order in which `help` lists them. */
const parametersOf: Record<Word, readonly Parameter[]> = {
  adduser: ["user", "password"],
  login: ["user", "password"],
  passwd: ["oldPassword", "newPassword"],
  logout: [],
  list: [],
  leaders: [],
  begin: ["user"],
  cancel: [],
  send: ["row", "column"],
  board: [],
  delay: [],
  end: [],
  leave: [],
  reconnect: [],
  help: [],
  exit: [],
};

const ONLINE: readonly Phase[] = ["connected", "logged-in", "inviting", "invited", "playing"];
const LOGGED_IN: readonly Phase[] = ["logged-in", "inviting", "invited", "playing"];

const allowedIn: Record<CommandName, readonly Phase[]> = {
  adduser: ONLINE,
  passwd: LOGGED_IN,
  login: ["connected"],
  logout: ["logged-in", "inviting", "invited"],
  list: ONLINE,
  leaders: ONLINE,
  begin: ["logged-in"],
  cancel: ["inviting"],
  answer: ["logged-in", "invited"],
  send: ["playing"],
  board: ["playing"],
  delay: ["playing"],
  end: ["playing"],
  leave: ["playing"],
  reconnect: ["disconnected", "playing"],
};

const worksOffline: readonly CommandName[] = ["send", "board", "delay", "end", "leave", "reconnect"];

export const words = Object.keys(parametersOf) as Word[];

/** Why `name` is not allowed here, or null. */
export function refusalOf(name: CommandName, phase: Phase, isConnected: boolean): RefusalReason | null {
  if (!isConnected && !worksOffline.includes(name)) return "NOT_CONNECTED";
  const phases = allowedIn[name];
  if (phases.includes(phase)) return null;
  if (name === "reconnect") return "CONNECTED";
  if (phase === "disconnected") return "NO_MATCH";
  if (phase === "connected") return "NOT_LOGGED_IN";
  if (phases.includes("playing")) return "NO_MATCH";
  if (name === "cancel") return "NOT_INVITING";
  if (phase === "playing") return "IN_MATCH";
  if (name === "login") return "LOGGED_IN";
  return phase === "inviting" ? "INVITING" : "INVITED";
}

export type ReadCommand =
  | { kind: "nothing" }
  | { kind: "run"; command: Command }
  /** Passwords were left out: they are asked for, hidden. */
  | { kind: "ask"; word: SecretWord; given: string[] }
  | { kind: "help" }
  | { kind: "exit" }
  | { kind: "wrong"; text: string };

/** `isQuestion`: a yes or no is expected, so an answer is one, and an empty line means yes. */
export function readCommand(line: string, isQuestion: boolean, texts: Texts): ReadCommand {
  const [word = "", ...args] = line.trim().split(/\s+/);
  const answer = args.length === 0 ? answerOf(word, texts) : null;
  if (answer !== null && (isQuestion || word !== "")) return run(answer);
  if (word === "") return { kind: "nothing" };
  const name = word.toLowerCase();
  if (isWord(name)) return readArguments(name, args, texts);
  if (isQuestion && args.length === 0 && word.length < 3) return wrong(texts.answerYesOrNo);
  return wrong(texts.unknownCommand(word, suggestionFor(name)));
}

/** A command whose arguments are all there; `args` fit the word. */
export function commandFrom(word: SecretWord, args: string[]): Command {
  const [first = "", second = ""] = args;
  if (word === "passwd") return { name: word, oldPassword: first, newPassword: second };
  return { name: word, user: first, password: second };
}

/** Parameters in brackets may be left out; the client then asks for them. */
export function usageOf(word: Word, texts: Texts): string {
  const shown = parametersOf[word].map((parameter) => {
    const name = texts.parameters[parameter];
    return isSecret(parameter) ? `[${name}]` : `<${name}>`;
  });
  return [word, ...shown].join(" ");
}

/**
 * How many arguments stand before the first password; null for a word without one. A word that is no command may be one
 * with a password, mistyped: the one it resembles, or else any.
 */
export function argumentsBeforeSecrets(text: string): number | null {
  const word = isWord(text) ? text : suggestionFor(text);
  if (word === null) return 1;
  const position = parametersOf[word].findIndex(isSecret);
  return position < 0 ? null : position;
}

/** The nearest word, if one is near. */
export function suggestionFor(text: string): Word | null {
  const near = words
    .map((word) => ({ word, distance: word.startsWith(text) ? 0 : distance(text, word) }))
    .sort((one, other) => one.distance - other.distance)[0];
  return near && near.distance <= 2 && near.distance < text.length ? near.word : null;
}

function readArguments(word: Word, args: string[], texts: Texts): ReadCommand {
  const count = parametersOf[word].length;
  const secretCount = parametersOf[word].filter(isSecret).length;
  const isSecretLeftOut = secretCount > 0 && args.length === count - secretCount;
  if (args.length !== count && !isSecretLeftOut) {
    const usage = texts.usage(usageOf(word, texts));
    return wrong(secretCount > 0 && args.length > count ? `${usage}\n${texts.leaveSecretsOut}` : usage);
  }
  const [first = ""] = args;
  switch (word) {
    case "help":
    case "exit":
      return { kind: word };
    case "adduser":
    case "login":
    case "passwd":
      if (word !== "passwd" && userName.read(first) === undefined) return wrong(texts.badUser);
      return isSecretLeftOut ? { kind: "ask", word, given: args } : run(commandFrom(word, args));
    case "begin":
      return userName.read(first) === undefined ? wrong(texts.badUser) : run({ name: "begin", user: first });
    case "send": {
      const [row, column] = args.map((text) => coordinate.read(text));
      return row && column ? run({ name: "send", row, column }) : wrong(texts.badSquare);
    }
    default:
      return run({ name: word });
  }
}

function answerOf(word: string, texts: Texts): Command | null {
  const text = word.toLowerCase();
  if (texts.yes.includes(text)) return { name: "answer", isYes: true };
  return texts.no.includes(text) ? { name: "answer", isYes: false } : null;
}

function isWord(text: string): text is Word {
  return Object.hasOwn(parametersOf, text);
}

function isSecret(parameter: Parameter): boolean {
  return /password/i.test(parameter);
}

function run(command: Command): ReadCommand {
  return { kind: "run", command };
}

function wrong(text: string): ReadCommand {
  return { kind: "wrong", text };
}
