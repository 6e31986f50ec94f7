// What `leaders` is answered from. It can always be made anew from the store, which has the truth.

export interface Leaderboard {
  /** The `leadersACK` with at most 1,000 users from `offset` on, highest points first, ties by name. */
  page(offset: number): string | Promise<string>;
  /** So many points more, now that they are on disk; someone new starts at 0. Nobody waits for it, so it never throws. */
  add(user: string, points: number): void;
  /** The store failed to answer: points may be on disk that were not added here. */
  mayHaveMissed(): void;
}
