// Signals that come while a program is recorded are the program's: it ends by them, and the recording with it. The
// second one, unless it is the same Ctrl-C that npm passed on, kills whatever is left. They are watched from before the
// program starts, so that none comes in between and leaves it alone.
import { isatty as isTerminal } from "node:tty";
import type { RecordedProcess } from "./recorded-process.ts";

const SAME_SIGNAL_MS = 1_000;
const NAMES = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export class PassedSignals {
  // A terminal sends Ctrl-C to everybody who is at it.
  readonly #isAtTerminal = [0, 1, 2].some(isTerminal);
  #first: { name: NodeJS.Signals; atMs: number } | null = null;
  #recorded: RecordedProcess | null = null;

  constructor() {
    for (const name of NAMES) process.on(name, this.#onSignal);
  }

  get hasCome(): boolean {
    return this.#first !== null;
  }

  passTo(recorded: RecordedProcess): void {
    this.#recorded = recorded;
    if (this.#first) recorded.pass(this.#first.name, false);
  }

  release(): void {
    for (const name of NAMES) process.off(name, this.#onSignal);
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    if (this.#first === null) {
      this.#first = { name, atMs: performance.now() };
      this.#recorded?.pass(name, this.#isAtTerminal && name === "SIGINT");
    } else if (performance.now() - this.#first.atMs > SAME_SIGNAL_MS) void this.#recorded?.stop(0);
  };
}
