// Without a terminal: lines in, lines out, no colours, nothing drawn twice, so that a script can drive the client.
import { createInterface, type Interface } from "node:readline";
import type { Conversation } from "../conversation.ts";
import type { Texts } from "../texts/texts.ts";

export class LineMode {
  readonly #input: NodeJS.ReadableStream;
  readonly #output: NodeJS.WritableStream;
  readonly #texts: Texts;
  #conversation: Conversation | null = null;
  #lines: Interface | null = null;
  #lastPrompt: string | null = null;

  constructor(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, texts: Texts) {
    this.#input = input;
    this.#output = output;
    this.#texts = texts;
  }

  start(conversation: Conversation): void {
    this.#conversation = conversation;
    this.#lines = createInterface({ input: this.#input });
    this.#lines.on("line", (line) => conversation.type(line));
    this.#lines.on("close", () => conversation.end());
  }

  stop(): void {
    this.#conversation = null;
    this.#lines?.close();
    this.#input.pause();
  }

  print(text: string): void {
    this.#output.write(`${text}\n`);
  }

  /** A question and a password prompt get a line of their own. */
  refresh(): void {
    const expected = this.#conversation?.expected;
    let prompt: string | null = null;
    if (expected?.kind === "secret" || expected?.kind === "choice") prompt = expected.prompt;
    else if (expected?.kind === "answer") prompt = this.#texts.yesNoLine;
    if (prompt !== null && prompt !== this.#lastPrompt) this.print(prompt);
    this.#lastPrompt = prompt;
  }
}
