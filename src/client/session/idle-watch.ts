// How long the opponent, though connected, has kept this player waiting (docs/PROTOCOL.md §7).
import type { SessionContext } from "./context.ts";

/** How long the opponent may take before the waiting player may leave. */
const IDLE_MS = 120_000;

export class IdleWatch {
  readonly #context: SessionContext;
  #canLeave = false;
  #stopTimer: () => void = () => {};

  constructor(context: SessionContext) {
    this.#context = context;
  }

  get canLeave(): boolean {
    return this.#canLeave;
  }

  start(opponent: string): void {
    this.stop();
    this.#stopTimer = this.#context.after(IDLE_MS, () => {
      this.#canLeave = true;
      this.#context.say({ kind: "opponent-idle", opponent, seconds: IDLE_MS / 1_000 });
    });
  }

  stop(): void {
    this.#stopTimer();
    this.#canLeave = false;
  }
}
