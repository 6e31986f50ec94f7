// Runs work one at a time per key: each waits until the one before it has ended, whether it succeeded or failed.

export class OneAtATime {
  /** The latest under each key; its end is all that is waited for. */
  readonly #latest = new Map<string, Promise<void>>();

  run<T>(key: string, work: () => Promise<T>): Promise<T> {
    const result = (this.#latest.get(key) ?? Promise.resolve()).then(work);
    const ended = result
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (this.#latest.get(key) === ended) this.#latest.delete(key);
      });
    this.#latest.set(key, ended);
    return result;
  }

  /** What is under way now has ended. */
  async done(): Promise<void> {
    await Promise.all(this.#latest.values());
  }
}
