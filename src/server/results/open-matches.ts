// The matches without an outcome: who attends them, and how long they still wait for one (docs/PROTOCOL.md §5, §8).
// In memory only: after a restart every wait starts again, because only time while the server is up counts.

import { otherSymbol, type PlayerSymbol } from "../../game/board.ts";
import { playerOf, symbolOf, type Ticket } from "../../game/ticket.ts";
import type { Clock } from "../../shared/clock/clock.ts";

/** When to try again to settle a match whose outcome could not be stored. */
const RETRY_MS = 5_000;
/** Load alone never makes a timer this late. */
const LATE_MS = 5_000;

export interface OpenMatch {
  readonly ticket: Ticket;
  /** Who is logged in and plays it; `playing` brings back who was away. */
  readonly attending: Set<PlayerSymbol>;
  /** Who reported it ABANDONED. */
  abandonedBy: PlayerSymbol | null;
  /** Who was logged in at any moment since then. */
  readonly wasSeen: Record<PlayerSymbol, boolean>;
  /** Who was answered with its outcome here, before the server that settled it was heard. */
  readonly answered: Set<PlayerSymbol>;
  stopTimer: (() => void) | null;
}

export interface OpenMatchesOptions {
  clock: Clock;
  /** How long a match waits: for a proof once it was abandoned, for either player once both are away. */
  limitMs: number;
  onTimeIsUp(match: OpenMatch): void;
}

export class OpenMatches implements Iterable<OpenMatch> {
  readonly #options: OpenMatchesOptions;
  readonly #byId = new Map<string, OpenMatch>();
  readonly #byUser = new Map<string, Set<OpenMatch>>();
  readonly #seen = new Set<string>();
  #isStopped = false;

  constructor(options: OpenMatchesOptions) {
    this.#options = options;
  }

  /** Both players attend a match that starts. */
  start(ticket: Ticket): void {
    const attending = (["X", "O"] as const).filter((symbol) => this.#isSeen(ticket, symbol));
    this.#watch(this.#add(ticket, attending));
  }

  has(matchId: string): boolean {
    return this.#byId.has(matchId);
  }

  byId(matchId: string): OpenMatch | undefined {
    return this.#byId.get(matchId);
  }

  get limitMs(): number {
    return this.#options.limitMs;
  }

  /** Its time is up, and its outcome could not be stored. */
  tryAgain(match: OpenMatch): void {
    if (this.byId(match.ticket.matchId) === match) this.#startTimer(match, RETRY_MS);
  }

  /** Its time is up, but a player attends it on another server. */
  waitOn(match: OpenMatch): void {
    match.stopTimer = null;
    this.#watch(match);
  }

  /** A match that was open when the server ended: nobody attends it yet. */
  restore(ticket: Ticket, abandonedBy: PlayerSymbol | null): void {
    const match = this.#add(ticket, []);
    if (abandonedBy) this.#abandon(match, abandonedBy);
    else this.#watch(match);
  }

  abandon(matchId: string, by: PlayerSymbol): void {
    const match = this.#byId.get(matchId);
    if (match && !match.abandonedBy) this.#abandon(match, by);
  }

  settle(matchId: string): void {
    const match = this.#byId.get(matchId);
    if (!match) return;
    match.stopTimer?.();
    this.#byId.delete(matchId);
    for (const user of [match.ticket.inviter, match.ticket.invitee]) {
      const matches = this.#byUser.get(user);
      matches?.delete(match);
      if (matches?.size === 0) this.#byUser.delete(user);
    }
  }

  /** False when that match is not on. */
  attend(matchId: string, symbol: PlayerSymbol): boolean {
    const match = this.#byId.get(matchId);
    if (!match) return false;
    match.attending.add(symbol);
    this.#watch(match);
    return true;
  }

  /** A session of the user started; it has to rejoin the matches of an older one with `playing`. */
  seen(user: string): void {
    this.#seen.add(user);
    for (const match of this.#byUser.get(user) ?? []) {
      const symbol = symbolOf(match.ticket, user) as PlayerSymbol;
      match.wasSeen[symbol] = true;
      match.attending.delete(symbol);
      this.#watch(match);
    }
  }

  unseen(user: string): void {
    this.#seen.delete(user);
    for (const match of this.#byUser.get(user) ?? []) {
      match.attending.delete(symbolOf(match.ticket, user) as PlayerSymbol);
      this.#watch(match);
    }
  }

  /** No timer fires any more. */
  stop(): void {
    this.#isStopped = true;
    for (const match of this.#byId.values()) match.stopTimer?.();
  }

  [Symbol.iterator](): Iterator<OpenMatch> {
    return this.#byId.values();
  }

  #add(ticket: Ticket, attending: PlayerSymbol[]): OpenMatch {
    const match: OpenMatch = {
      ticket,
      attending: new Set(attending),
      abandonedBy: null,
      wasSeen: { X: false, O: false },
      answered: new Set(),
      stopTimer: null,
    };
    this.#byId.set(ticket.matchId, match);
    for (const user of [ticket.inviter, ticket.invitee]) {
      const matches = this.#byUser.get(user) ?? new Set();
      this.#byUser.set(user, matches.add(match));
    }
    return match;
  }

  #abandon(match: OpenMatch, by: PlayerSymbol): void {
    match.abandonedBy = by;
    for (const symbol of [by, otherSymbol(by)]) match.wasSeen[symbol] = this.#isSeen(match.ticket, symbol);
    match.stopTimer?.();
    this.#startTimer(match);
  }

  /** The wait starts when both players are away, and ends when one is back. */
  #watch(match: OpenMatch): void {
    if (match.abandonedBy) return;
    const isDeserted = match.attending.size === 0;
    if (isDeserted && !match.stopTimer) this.#startTimer(match);
    if (isDeserted || !match.stopTimer) return;
    match.stopTimer();
    match.stopTimer = null;
  }

  /** Ignores time lost while the process was stopped: a timer that is late waits on. */
  #startTimer(match: OpenMatch, delayMs = this.#options.limitMs): void {
    if (this.#isStopped) return;
    const { clock, limitMs, onTimeIsUp } = this.#options;
    const dueMs = clock.nowMs() + delayMs;
    match.stopTimer = clock.after(delayMs, () => {
      const lateMs = clock.nowMs() - dueMs;
      if (lateMs < LATE_MS) onTimeIsUp(match);
      else this.#startTimer(match, Math.min(lateMs, limitMs));
    });
  }

  #isSeen(ticket: Ticket, symbol: PlayerSymbol): boolean {
    return this.#seen.has(playerOf(ticket, symbol).user);
  }
}
