// The source of `leaders`. It can always be rebuilt from the store, which is authoritative.

export interface Leaderboard {
  /** The `leadersACK` with at most 1,000 users from `offset` on, highest points first, ties by name. */
  page(offset: number): string | Promise<string>;
  /** Adds points that are on disk; a new user starts at 0. Nobody awaits it, so it never throws. */
  add(user: string, points: number): void;
  /** The store did not answer: it may have points that were not added here. */
  mayHaveMissed(): void;
}
