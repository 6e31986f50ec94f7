// A rate limit for HTTP requests: four every 4 ms, so that the event loop stays free for players. Further requests wait,
// first in, first out; the number of connections bounds the queue.

const PERIOD_MS = 4;
const REQUESTS_PER_PERIOD = 4;

export class Pace {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Resolves when the request may be handled: at once, unless there are too many. */
  turn(): Promise<void> {
    this.#timer ??= setTimeout(() => this.#nextPeriod(), PERIOD_MS);
    if (this.#taken < REQUESTS_PER_PERIOD) {
      this.#taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Lets all waiting requests go on. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  #nextPeriod(): void {
    this.#timer = null;
    const turns = this.#waiting.splice(0, REQUESTS_PER_PERIOD);
    this.#taken = turns.length;
    if (turns.length > 0) this.#timer = setTimeout(() => this.#nextPeriod(), PERIOD_MS);
    for (const goOn of turns) goOn();
  }
}
