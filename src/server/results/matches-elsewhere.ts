// The open matches as other servers see them: what they began and settled, and whether a player who is not here is
// somewhere. What was not heard of is found in the store.
import type { PlayerSymbol } from "../../game/board.ts";
import { playerOf, type Ticket } from "../../game/ticket.ts";
import type { Store, StoredMatch } from "../store/store.ts";
import type { OpenMatch, OpenMatches } from "./open-matches.ts";
import { type Settled, settledFor } from "./settled.ts";
import { abandonedBy } from "./settlement.ts";

/** As many as can wait at another server while nobody can be reached. */
const MAX_HEARD = 10_000;

export interface Whereabouts {
  /** 0: connected now. It knows of nothing before it was itself made, and counts everybody as seen then. */
  readonly seenMsAgo: number;
  /** The match that the user plays, on the connection of now. */
  readonly attends: string | null;
}

export interface MatchesElsewhereOptions {
  store: Pick<Store, "findMatch" | "openMatches">;
  open: OpenMatches;
  /** null: it is none that this game's servers signed. */
  readTicket(ticketText: string): Ticket | null;
  /** It was settled elsewhere, and nobody here knows. */
  onMissed(settled: Settled): void;
  /** Without it there is nowhere else. */
  whereabouts?: ((user: string) => Promise<Whereabouts | null>) | undefined;
}

export class MatchesElsewhere {
  readonly #options: MatchesElsewhereOptions;
  /** The outcomes of late; another one of the same match is news. */
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

  /** Who it was that reported it. */
  abandoned(matchId: string, by: PlayerSymbol): string | null {
    const { open } = this.#options;
    const match = open.byId(matchId);
    open.abandon(matchId, by);
    return match ? playerOf(match.ticket, by).user : null;
  }

  /** What is left to tell of it here. */
  settled(settled: Settled): Settled {
    const { open } = this.#options;
    const { matchId, outcome } = settled;
    // What the store told after a gap is told once more by the server that settled it.
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

  /** Who has had the outcome as the answer to an own report (docs/PROTOCOL.md §8). */
  #answered(matchId: string): string[] {
    const match = this.#options.open.byId(matchId);
    return match ? [...match.answered].map((symbol) => playerOf(match.ticket, symbol).user) : [];
  }

  /** Whether a player attends the match on another server; null when nobody can tell. */
  async isAttended({ ticket }: OpenMatch): Promise<boolean | null> {
    const { whereabouts } = this.#options;
    if (!whereabouts) return false;
    const found = await Promise.all([ticket.inviter, ticket.invitee].map((user) => whereabouts(user)));
    if (found.some((each) => each?.attends === ticket.matchId)) return true;
    return found.includes(null) ? null : false;
  }

  /** Whether that player was connected to any server within this time; null when nobody can tell. */
  async wasSeen({ ticket }: OpenMatch, symbol: PlayerSymbol, withinMs: number): Promise<boolean | null> {
    const { whereabouts } = this.#options;
    if (!whereabouts) return false;
    const found = await whereabouts(playerOf(ticket, symbol).user);
    return found && found.seenMsAgo < withinMs;
  }
}
