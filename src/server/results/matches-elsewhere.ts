// Matches at other servers: what they started and settled, and whether a player who is not here is connected elsewhere.
// What this server was not told is found in the store.
import type { PlayerSymbol } from "../../game/board.ts";
import { playerOf, type Ticket } from "../../game/ticket.ts";
import type { Store, StoredMatch } from "../store/store.ts";
import type { OpenMatch, OpenMatches } from "./open-matches.ts";
import { type Settled, settledFor } from "./settled.ts";
import { abandonedBy } from "./settlement.ts";

/** As many as can wait at another server while Redis does not answer. */
const MAX_HEARD = 10_000;

export interface Whereabouts {
  /** 0: connected now. Everybody counts as seen when the directory was made. */
  readonly seenMsAgo: number;
  /** The match that the user plays, on the connection of now. */
  readonly attends: string | null;
}

export interface MatchesElsewhereOptions {
  store: Pick<Store, "findMatch" | "openMatches">;
  open: OpenMatches;
  /** null: no server of this game signed it. */
  readTicket(ticketText: string): Ticket | null;
  /** It was settled elsewhere, and nobody here was told. */
  onMissed(settled: Settled): void;
  /** Without it there are no other servers. */
  whereabouts?: ((user: string) => Promise<Whereabouts | null>) | undefined;
}

export class MatchesElsewhere {
  readonly #options: MatchesElsewhereOptions;
  /** Recent outcomes by match; a different outcome of the same match is new. */
  readonly #heard = new Map<string, Settled["outcome"]>();

  constructor(options: MatchesElsewhereOptions) {
    this.#options = options;
  }

  /** Its players, those who are here, attend it. */
  started(ticketText: string): Ticket | null {
    const { open, readTicket } = this.#options;
    const ticket = readTicket(ticketText);
    if (ticket && !open.has(ticket.matchId)) open.start(ticket);
    return ticket;
  }

  /** Returns the user who reported it. */
  abandoned(matchId: string, by: PlayerSymbol): string | null {
    const { open } = this.#options;
    const match = open.byId(matchId);
    open.abandon(matchId, by);
    return match ? playerOf(match.ticket, by).user : null;
  }

  /** What is left to report here. */
  settled(settled: Settled): Settled {
    const { open } = this.#options;
    const { matchId, outcome } = settled;
    // After a gap the outcome is read from the store, and arrives once more from the server that settled it.
    if (this.#heard.get(matchId) === outcome) return { ...settled, toTell: [] };
    this.#heard.delete(matchId);
    this.#heard.set(matchId, outcome);
    if (this.#heard.size > MAX_HEARD) this.#heard.delete(this.#heard.keys().next().value as string);
    const answered = this.#answered(matchId);
    open.settle(matchId);
    return { ...settled, toTell: settled.toTell.filter(({ user }) => !answered.includes(user)) };
  }

  /** False when it has an outcome. */
  adopt(stored: StoredMatch): boolean {
    const { open, readTicket } = this.#options;
    if (stored.verdict) return false;
    const ticket = readTicket(stored.ticketText);
    if (ticket && !open.has(stored.matchId)) open.restore(ticket, abandonedBy(stored));
    return ticket !== null;
  }

  /** Throws StoreError. */
  async reconcile(): Promise<void> {
    const { store, open } = this.#options;
    const known = new Set(open);
    const stored = await store.openMatches();
    for (const match of stored) this.adopt(match);
    const stillOpen = new Set(stored.map(({ matchId }) => matchId));
    // What is new here may have been settled while the store was read.
    for (const match of open)
      if (!known.has(match) || !stillOpen.has(match.ticket.matchId)) await this.noticeOutcome(match.ticket);
  }

  /** Throws StoreError. */
  async noticeOutcome(ticket: Ticket): Promise<void> {
    const { store, open, onMissed } = this.#options;
    const stored = open.has(ticket.matchId) ? await store.findMatch(ticket.matchId) : null;
    if (!stored?.verdict || !open.has(ticket.matchId)) return;
    onMissed(this.settled(settledFor(ticket, stored.verdict.outcome, null)));
  }

  /** Who got the outcome as the answer to their own report (docs/PROTOCOL.md §8). */
  #answered(matchId: string): string[] {
    const match = this.#options.open.byId(matchId);
    return match ? [...match.answered].map((symbol) => playerOf(match.ticket, symbol).user) : [];
  }

  /** Whether a player attends the match on another server; null when that is unknown. */
  async isAttended({ ticket }: OpenMatch): Promise<boolean | null> {
    const { whereabouts } = this.#options;
    if (!whereabouts) return false;
    const found = await Promise.all([ticket.inviter, ticket.invitee].map((user) => whereabouts(user)));
    if (found.some((each) => each?.attends === ticket.matchId)) return true;
    return found.includes(null) ? null : false;
  }

  /** Whether that player was connected to any server within this time; null when that is unknown. */
  async wasSeen({ ticket }: OpenMatch, symbol: PlayerSymbol, withinMs: number): Promise<boolean | null> {
    const { whereabouts } = this.#options;
    if (!whereabouts) return false;
    const found = await whereabouts(playerOf(ticket, symbol).user);
    return found && found.seenMsAgo < withinMs;
  }
}
