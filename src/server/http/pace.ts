// How fast requests are taken up: a few in a stretch of time, whatever the load, so that players find the event loop
// free. Those who wait are bounded by the number of connections.

const STRETCH_MS = 4;
const REQUESTS_IN_A_STRETCH = 4;

export class Pace {
  readonly #waiting: (() => void)[] = [];
  #taken = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Resolves when it is one's turn, at once when little is asked for. */
  turn(): Promise<void> {
    this.#timer ??= setTimeout(() => this.#nextStretch(), STRETCH_MS);
    if (this.#taken < REQUESTS_IN_A_STRETCH) {
      this.#taken += 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Nobody is left waiting. */
  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    for (const goOn of this.#waiting.splice(0)) goOn();
  }

  #nextStretch(): void {
    this.#timer = null;
    const turns = this.#waiting.splice(0, REQUESTS_IN_A_STRETCH);
    this.#taken = turns.length;
    if (turns.length > 0) this.#timer = setTimeout(() => this.#nextStretch(), STRETCH_MS);
    for (const goOn of turns) goOn();
  }
}
