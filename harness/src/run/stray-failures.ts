// A step that a scenario began, and does not wait for yet, may fail meanwhile, and so may what a timer of it does. That
// fails the run; without this it would end the process that measures it, and the report would be lost.

export class StrayFailures {
  /** Rejects with the first one. */
  readonly first: Promise<never>;
  #reject: (reason: unknown) => void = () => {};

  /** Until `release`. */
  constructor() {
    this.first = new Promise((_, reject) => {
      this.#reject = reject;
    });
    this.first.catch(() => {});
    process.on("unhandledRejection", this.#reject);
    process.on("uncaughtException", this.#reject);
  }

  release(): void {
    process.off("unhandledRejection", this.#reject);
    process.off("uncaughtException", this.#reject);
  }
}
