// The compiled client as a user starts it, in a pseudo-terminal or behind pipes; the test types and watches.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawn as spawnInTerminal } from "@lydell/node-pty";

const program = fileURLToPath(new URL("../../../dist/src/client/main.js", import.meta.url));
const PATIENCE_MS = 20_000;
const CLEAR_LINE = "\r\x1b[K";

export class TypedClient {
  /** Everything that was printed, as it was printed. */
  raw = "";
  #shown = "";
  #seenLength = 0;
  #exitCode: number | null = null;
  #wake = () => {};
  readonly #lineEnd: "\r" | "\n";
  readonly #write: (text: string) => void;
  readonly #signal: (signal: NodeJS.Signals) => void;
  readonly #endInput: () => void;

  private constructor(
    lineEnd: "\r" | "\n",
    write: (text: string) => void,
    signal: (signal: NodeJS.Signals) => void,
    endInput: () => void,
  ) {
    this.#lineEnd = lineEnd;
    this.#write = write;
    this.#signal = signal;
    this.#endInput = endInput;
  }

  static inTerminal(
    args: string[],
    { language = "C.UTF-8", columns = 100, terminal = "xterm" } = {},
  ): TypedClient {
    const state = mkdtempSync(join(tmpdir(), "velha-client-"));
    const child = spawnInTerminal(process.execPath, [program, ...args, "--state", state], {
      name: terminal,
      cols: columns,
      rows: 40,
      env: { ...process.env, LC_ALL: language, TERM: terminal },
    });
    const client = new TypedClient(
      "\r",
      (text) => child.write(text),
      (signal) => child.kill(signal),
      () => child.write("\x04"),
    );
    child.onData((text) => client.#take(text));
    child.onExit(({ exitCode }) => client.#ended(exitCode, state));
    return client;
  }

  /** `state` is a state folder of the test's own, which stays. */
  static behindPipes(args: string[], language = "C.UTF-8", state?: string): TypedClient {
    const folder = state ?? mkdtempSync(join(tmpdir(), "velha-client-"));
    const child = spawn(process.execPath, [program, ...args, "--state", folder], {
      env: { ...process.env, LC_ALL: language },
    });
    const client = new TypedClient(
      "\n",
      (text) => child.stdin.write(text),
      (signal) => child.kill(signal),
      () => child.stdin.end(),
    );
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => client.#take(text));
    }
    child.on("close", (code) => client.#ended(code ?? -1, state === undefined ? folder : null));
    return client;
  }

  types(text: string): void {
    this.#write(text);
  }

  enters(line: string): void {
    this.#write(line + this.#lineEnd);
  }

  endsInput(): void {
    this.#endInput();
  }

  signals(signal: NodeJS.Signals): void {
    this.#signal(signal);
  }

  /**
   * Waits for text that was not seen before, on the screen as a person has it: colours do not count. The line that is
   * being typed is not done, so it can be seen again.
   */
  async sees(wanted: string | RegExp): Promise<void> {
    const endOfWanted = await this.#awaits(`print ${wanted}`, () => {
      const found = typeof wanted === "string" ? wanted : (wanted.exec(this.#unseen)?.[0] ?? "\0");
      const index = this.#unseen.indexOf(found);
      return index < 0 ? undefined : index + found.length;
    });
    this.#seenLength = Math.min(this.#seenLength + endOfWanted, this.#shown.lastIndexOf("\n") + 1);
  }

  /** Waits for the end; gives the exit code. */
  ends(): Promise<number> {
    return this.#awaits("end", () => this.#exitCode ?? undefined);
  }

  kill(): void {
    if (this.#exitCode === null) this.#signal("SIGKILL");
  }

  async #awaits<T>(what: string, look: () => T | undefined): Promise<T> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    const timer = setTimeout(() => this.#wake(), PATIENCE_MS);
    try {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        const isOver = this.#exitCode !== null || performance.now() >= deadlineMs;
        if (isOver) throw new Error(`the client did not ${what}. Not seen yet: ${this.#unseen}`);
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  get #unseen(): string {
    return this.#shown.slice(this.#seenLength);
  }

  #take(text: string): void {
    this.raw += text;
    this.#shown = shownBy(this.raw);
    this.#wake();
  }

  #ended(code: number, folder: string | null): void {
    this.#exitCode = code;
    if (folder !== null) rmSync(folder, { recursive: true, force: true });
    this.#wake();
  }
}

/** What stands on an endless screen after `output`: of each line, what was drawn last. */
function shownBy(output: string): string {
  return output
    .split(/\r?\n/)
    .map((line) => line.slice(line.lastIndexOf(CLEAR_LINE) + 1).replace(/\x1b\[[0-9;?]*[A-Za-z]|\r/g, ""))
    .join("\n");
}
