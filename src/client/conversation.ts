// What typed lines mean: commands one after another, questions, passwords asked for. Knows no terminal.
import stringWidth from "string-width";
import type { Client } from "./client.ts";
import { type Command, commandFrom, readCommand, type SecretWord, usageOf, words } from "./commands.ts";
import type { Texts } from "./texts/texts.ts";

/** What the next line will be taken for. */
export type Expected =
  | { kind: "command" }
  | { kind: "answer"; prompt: string }
  | { kind: "choice"; prompt: string }
  /** The line must not be shown or kept. */
  | { kind: "secret"; prompt: string };

export interface ConversationHandlers {
  print(text: string, tone: "plain" | "bad"): void;
  /** What is expected may be something else now. */
  onChange(): void;
  onExit(): void;
}

interface Asking {
  word: SecretWord;
  args: string[];
  prompts: string[];
  /** The last of the answers repeats the one before. */
  isRepeated: boolean;
}

interface Choosing {
  count: number;
  /** The index of what was chosen, or null. */
  onChosen(index: number | null): void;
}

/** Something that can cost a match, done when the user says yes. */
interface Confirming {
  kind: "end" | "exit";
  carryOut(): void;
}

export interface ConversationOptions {
  /** A person types, who is asked once before giving up or leaving a match. */
  asksBeforeLoss: boolean;
}

type TypingClient = Pick<Client, "session" | "run" | "refusalOf">;

export class Conversation {
  readonly #client: TypingClient;
  readonly #texts: Texts;
  readonly #handlers: ConversationHandlers;
  readonly #options: ConversationOptions;
  #confirming: Confirming | null = null;
  #asking: Asking | null = null;
  #choosing: Choosing | null = null;
  /** Lines that wait until the command before them is answered. */
  #waiting: string[] = [];
  #hasEnded = false;
  #isOpen = false;

  constructor(
    client: TypingClient,
    texts: Texts,
    handlers: ConversationHandlers,
    options: ConversationOptions = { asksBeforeLoss: false },
  ) {
    this.#client = client;
    this.#texts = texts;
    this.#handlers = handlers;
    this.#options = options;
  }

  get expected(): Expected {
    if (this.#choosing) return { kind: "choice", prompt: this.#texts.numberOrNone };
    const prompt = this.#asking?.prompts[0];
    if (prompt !== undefined) return { kind: "secret", prompt };
    if (this.#openConfirmation) return { kind: "answer", prompt: this.#texts.noYes };
    if (this.#client.session.question) return { kind: "answer", prompt: this.#texts.yesNo };
    return { kind: "command" };
  }

  /** Lines are processed from now on. */
  open(): void {
    this.#isOpen = true;
    this.proceed();
  }

  /** The next line is the number of one of `count` things, or empty for none; a command means none, too. */
  choose(count: number, onChosen: (index: number | null) => void): void {
    this.#choosing = { count, onChosen };
    this.#handlers.onChange();
  }

  type(line: string): void {
    if (this.#choosing && this.#takeChoice(this.#choosing, line.trim())) return;
    this.#waiting.push(line);
    this.proceed();
  }

  /** No more lines will come: says goodbye when those that wait are done. */
  end(): void {
    this.#hasEnded = true;
    if (this.#choosing) this.#chosen(this.#choosing, null);
    this.proceed();
  }

  /** Says goodbye now, whatever waits. */
  exit(): void {
    this.#isOpen = false;
    this.#waiting = [];
    this.#handlers.onExit();
  }

  /** Says goodbye, unless that can cost a match: then asks first, and leaves when it is called again. */
  leave(): void {
    if (this.#openConfirmation?.kind === "exit") this.exit();
    else this.#confirm({ kind: "exit", carryOut: () => this.exit() });
  }

  /** Withdraws the command that asks for a password, or whether to give up; false when there is none. */
  abort(): boolean {
    const wasAsking = this.#asking !== null || this.#openConfirmation?.kind === "end";
    this.#asking = null;
    if (wasAsking) this.#confirming = null;
    return wasAsking;
  }

  /** A match that has ended meanwhile cannot be lost any more. */
  get #openConfirmation(): Confirming | null {
    return this.#client.session.match ? this.#confirming : null;
  }

  #confirm(confirming: Confirming): void {
    const { match } = this.#client.session;
    if (!match || !this.#options.asksBeforeLoss) {
      confirming.carryOut();
      return;
    }
    this.#confirming = confirming;
    const { confirmEnd, confirmExit } = this.#texts;
    const opponent = match.opponent.user;
    this.#handlers.print(confirming.kind === "end" ? confirmEnd(opponent) : confirmExit(opponent), "plain");
    this.#handlers.onChange();
  }

  /** An empty line means no, and so does another command, which is carried out. */
  #takeConfirmation({ carryOut }: Confirming, line: string): void {
    this.#confirming = null;
    const word = line.trim().toLowerCase();
    if (word === "" || this.#texts.no.includes(word)) return;
    if (this.#texts.yes.includes(word)) carryOut();
    else this.#takeCommand(line);
  }

  /** Takes the lines that wait, as far as the client is ready for them. */
  proceed(): void {
    while (this.#isOpen && !this.#client.session.isWaiting) {
      const line = this.#waiting.shift();
      if (line === undefined) {
        if (this.#hasEnded) this.exit();
        break;
      }
      const confirming = this.#openConfirmation;
      if (this.#asking) this.#takeSecret(this.#asking, line);
      else if (confirming) this.#takeConfirmation(confirming, line);
      else this.#takeCommand(line);
      this.#handlers.onChange();
    }
    this.#handlers.onChange();
  }

  /** False when the line is none of an answer. */
  #takeChoice(choosing: Choosing, text: string): boolean {
    const isNumber = /^\d+$/.test(text);
    if (isNumber && !(Number(text) >= 1 && Number(text) <= choosing.count)) {
      this.#handlers.print(this.#texts.badNumber(choosing.count), "bad");
      return true;
    }
    this.#chosen(choosing, isNumber ? Number(text) - 1 : null);
    return isNumber || text === "";
  }

  #chosen({ onChosen }: Choosing, index: number | null): void {
    this.#choosing = null;
    onChosen(index);
    this.#handlers.onChange();
  }

  #takeCommand(line: string): void {
    const read = readCommand(line, this.#client.session.question !== null, this.#texts);
    switch (read.kind) {
      case "nothing":
        return;
      case "wrong":
        this.#handlers.print(read.text, "bad");
        break;
      case "help":
        this.#handlers.print(this.#help(), "plain");
        break;
      case "exit":
        this.leave();
        break;
      case "run":
        this.#run(read.command);
        break;
      case "ask":
        if (this.#client.refusalOf(read.word)) this.#client.run(commandFrom(read.word, read.given));
        else this.#asking = this.#newAsking(read.word, read.given);
    }
  }

  #run(command: Command): void {
    const carryOut = () => this.#client.run(command);
    if (command.name === "end") this.#confirm({ kind: "end", carryOut });
    else carryOut();
  }

  #newAsking(word: SecretWord, given: string[]): Asking {
    const { passwordOf, newPasswordOf, oldPassword, newPassword, repeatPassword } = this.#texts;
    const [user = ""] = given;
    if (word === "login") return { word, args: given, prompts: [passwordOf(user)], isRepeated: false };
    const prompts =
      word === "adduser" ? [newPasswordOf(user), repeatPassword] : [oldPassword, newPassword, repeatPassword];
    return { word, args: given, prompts, isRepeated: true };
  }

  #takeSecret(asking: Asking, line: string): void {
    asking.args.push(line);
    asking.prompts.shift();
    if (asking.prompts.length > 0) return;
    this.#asking = null;
    const { word, args, isRepeated } = asking;
    if (isRepeated && args.pop() !== args.at(-1)) this.#handlers.print(this.#texts.passwordsDiffer, "bad");
    else this.#client.run(commandFrom(word, args));
  }

  #help(): string {
    const rows = words.map((word) => ({ usage: usageOf(word, this.#texts), help: this.#texts.help[word] }));
    const width = Math.max(...rows.map(({ usage }) => stringWidth(usage)));
    const lines = rows.map(
      ({ usage, help }) => `  ${usage}${" ".repeat(width - stringWidth(usage))}   ${help}`,
    );
    return [this.#texts.helpTitle, ...lines].join("\n");
  }

  /** Words that make sense now, for completion. */
  get possibleWords(): string[] {
    return words.filter((word) => word === "help" || word === "exit" || !this.#client.refusalOf(word));
  }
}
