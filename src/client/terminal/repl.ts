// The prompt in a terminal: keys → lines → the conversation, and its words back onto the screen.
import { emitKeypressEvents } from "node:readline";
import type { ReadStream, WriteStream } from "node:tty";
import type { Conversation } from "../conversation.ts";
import { completeWord, type EditedLine, editLine, emptyLine, type Key, lineOf } from "./line-editor.ts";
import { type InputLine, Screen } from "./screen.ts";
import { maskSecrets, withoutSecrets } from "./secrets.ts";
import type { Style } from "./style.ts";
import { wrap } from "./wrap.ts";

const HISTORY_LENGTH = 200;

export interface ReplOptions {
  input: ReadStream;
  output: WriteStream;
  style: Style;
  /** The terminal knows no escape sequences. */
  isDumb: boolean;
  /** Names that may follow a command. */
  knownUsers(): string[];
  /** The prompt when a command is expected. */
  promptName(): string;
}

export class Repl {
  readonly #options: ReplOptions;
  readonly #screen: Screen;
  #conversation: Conversation | null = null;
  #line: EditedLine = emptyLine;
  #history: string[] = [];
  /** Keeps the candidates from being listed at the first Tab. */
  #isSecondTab = false;

  constructor(options: ReplOptions) {
    this.#options = options;
    const { output, isDumb } = options;
    this.#screen = new Screen(
      (text) => output.write(text),
      () => output.columns || 80,
      isDumb,
    );
  }

  start(conversation: Conversation): void {
    this.#conversation = conversation;
    const { input, output } = this.#options;
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on("keypress", this.#onKey);
    input.on("end", () => conversation.end());
    output.on("resize", this.refresh);
    input.resume();
    this.refresh();
  }

  stop(): void {
    const { input, output } = this.#options;
    input.off("keypress", this.#onKey);
    output.off("resize", this.refresh);
    if (this.#conversation) this.#screen.leaveLine();
    this.#conversation = null;
    try {
      input.setRawMode(false);
    } catch {
      // The terminal is gone; there is nothing to restore.
    }
    input.pause();
  }

  print(text: string): void {
    this.#screen.print(
      wrap(text, this.#options.output.columns || 80),
      this.#conversation && this.#inputLine(this.#conversation),
    );
  }

  /** Shows the input line anew: what is expected, or the user, may have changed. */
  readonly refresh = (): void => {
    if (this.#conversation) this.#screen.show(this.#inputLine(this.#conversation));
  };

  #inputLine({ expected }: Conversation): InputLine {
    const { style, promptName } = this.#options;
    const isSecret = expected.kind === "secret";
    const name = expected.kind === "command" ? `${promptName()}>` : expected.prompt;
    const line = isSecret ? emptyLine : { ...this.#line, text: maskSecrets(this.#line.text) };
    return { prompt: name, paint: expected.kind === "command" ? style.dim : style.bold, line };
  }

  readonly #onKey = (_text: string | undefined, key: Key): void => {
    const conversation = this.#conversation;
    if (!conversation) return;
    const isSecret = conversation.expected.kind === "secret";
    const edit = editLine(this.#line, key, isSecret ? [] : this.#history);
    const wasTab = this.#isSecondTab;
    this.#isSecondTab = false;
    switch (edit.kind) {
      case "edited":
        this.#line = edit.line;
        break;
      case "submit":
        this.#submit(conversation, isSecret);
        return;
      case "interrupt":
        this.#interrupt(conversation);
        return;
      case "end-of-input":
        if (isSecret) this.#interrupt(conversation);
        else conversation.leave();
        return;
      case "clear-screen":
        this.#screen.clear();
        break;
      case "complete":
        if (!isSecret) this.#complete(conversation, wasTab);
    }
    this.refresh();
  };

  /** Gives up the password that is asked for, or else the line that is being typed, or else leaves. */
  #interrupt(conversation: Conversation): void {
    if (!conversation.abort() && this.#line.text === "") {
      conversation.leave();
      return;
    }
    this.#screen.leaveLine();
    this.#line = emptyLine;
    this.refresh();
  }

  #submit(conversation: Conversation, isSecret: boolean): void {
    const { text } = this.#line;
    this.#screen.leaveLine();
    this.#line = emptyLine;
    if (!isSecret && conversation.expected.kind === "command") this.#remember(withoutSecrets(text));
    conversation.type(text);
    this.refresh();
  }

  #remember(text: string): void {
    if (text === "" || text === this.#history[0]) return;
    this.#history = [text, ...this.#history].slice(0, HISTORY_LENGTH);
  }

  #complete(conversation: Conversation, isSecondTab: boolean): void {
    const before = this.#line.text.slice(0, this.#line.cursor);
    const isFirstWord = !/\S\s/.test(before);
    const candidates = isFirstWord ? conversation.possibleWords : this.#options.knownUsers();
    if (!isFirstWord && !/^\s*(begin|login)\s+\S*$/.test(before)) return;
    const completed = completeWord(isFirstWord ? lineOf(before.trimStart()) : lineOf(before), candidates);
    const after = this.#line.text.slice(this.#line.cursor);
    const isStuck = completed.text === before;
    this.#line = { ...completed, text: completed.text + after };
    if (isStuck && isSecondTab) this.#listCandidates(before, candidates);
    this.#isSecondTab = isStuck && !isSecondTab;
  }

  #listCandidates(before: string, candidates: string[]): void {
    const word = before.slice(before.lastIndexOf(" ") + 1);
    const fitting = candidates.filter((candidate) => candidate.startsWith(word));
    if (fitting.length > 1) this.print(this.#options.style.dim(fitting.join("  ")));
  }
}
