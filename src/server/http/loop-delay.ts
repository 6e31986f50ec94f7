// How late the event loop runs a timer: the delay that it adds to every answer.

const PERIOD_MS = 50;

export class LoopDelay {
  readonly #onDelay: (delayMs: number) => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(onDelay: (delayMs: number) => void) {
    this.#onDelay = onDelay;
  }

  start(): void {
    const dueMs = performance.now() + PERIOD_MS;
    this.#timer = setTimeout(() => {
      this.#onDelay(Math.max(0, performance.now() - dueMs));
      this.start();
    }, PERIOD_MS);
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }
}
