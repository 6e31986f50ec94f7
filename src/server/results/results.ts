// Tickets out, transcripts in (docs/PROTOCOL.md §5, §8): the matches' edge to disk, clock and signatures.
// settlement.ts decides; nobody is told anything before it is on disk.

import { toBase64url } from "../../game/base64url.ts";
import { otherSymbol, type PlayerSymbol } from "../../game/board.ts";
import { ed25519, type SignatureScheme, type Signer, type Verify } from "../../game/signature.ts";
import {
  MATCH_ID_BYTES,
  openTicket,
  opponentOf,
  signTicket,
  symbolOf,
  type Ticket,
} from "../../game/ticket.ts";
import { replay } from "../../game/transcript.ts";
import { isSameUser } from "../../game/user-name.ts";
import type { Outcome } from "../../protocol/fields.ts";
import type { ControlFromClient } from "../../protocol/messages.ts";
import type { Clock } from "../../shared/clock/clock.ts";
import type { Store, StoredMatch } from "../store/store.ts";
import { type Refusal, type TryLater, tryLaterOnStoreTrouble } from "../store/try-later.ts";
import type { Leaderboard } from "./leaderboard.ts";
import { MatchesElsewhere, type Whereabouts } from "./matches-elsewhere.ts";
import { OneAtATime } from "./one-at-a-time.ts";
import { type OpenMatch, OpenMatches } from "./open-matches.ts";
import { type Decide, type RecordedDecision, recordDecision } from "./recorded-decision.ts";
import { type Settled, settledFor } from "./settled.ts";
import { abandonedBy, decideReport, decideWithoutProof, type Settlement } from "./settlement.ts";

export const ABANDON_LIMIT_MS = 180_000;
export const MOVE_LIMIT_SECONDS = 60;

export interface ResultsOptions {
  store: Store;
  clock: Clock;
  leaderboard: Leaderboard;
  random(bytes: number): Buffer;
  onSettled(settled: Settled): void;
  /** A player reported the match ABANDONED, and it has no outcome yet. */
  onAbandoned?(matchId: string, by: PlayerSymbol): void;
  /** As `onSettled`, for a match that another server settled without this one being told. */
  onMissed?(settled: Settled): void;
  /** Of users who are not here, where there are other servers. */
  whereabouts?: ((user: string) => Promise<Whereabouts | null>) | undefined;
  abandonAfterMs?: number | undefined;
  /** Of matches with disputes. */
  moveLimitSeconds?: number | undefined;
  signatures?: SignatureScheme | undefined;
}

export interface MatchStart {
  inviter: string;
  inviterKey: string;
  invitee: string;
  inviteeKey: string;
  /** Both clients know them (docs/PROTOCOL.md §9). */
  hasDisputes?: boolean;
}

type ResultMessage = Extract<ControlFromClient, { name: "result" }>;

export class Results {
  readonly #options: ResultsOptions;
  readonly #signer: Signer;
  readonly #verify: Verify;
  readonly #open: OpenMatches;
  readonly elsewhere: MatchesElsewhere;
  /** By match: each decision is based on what the one before stored. */
  readonly #decisions = new OneAtATime();

  private constructor(options: ResultsOptions, signer: Signer, verify: Verify) {
    this.#options = options;
    this.#signer = signer;
    this.#verify = verify;
    this.#open = new OpenMatches({
      clock: options.clock,
      limitMs: options.abandonAfterMs ?? ABANDON_LIMIT_MS,
      onTimeIsUp: (match) => void this.#settleWithoutProof(match),
    });
    this.elsewhere = new MatchesElsewhere({
      store: options.store,
      open: this.#open,
      readTicket: (ticketText) => openTicket(ticketText, this.ticketKey, this.#verify),
      onMissed: (settled) => options.onMissed?.(settled),
      whereabouts: options.whereabouts,
    });
  }

  /** With the matches that were on when the last run ended: their players have the whole time to come back. */
  static async open(options: ResultsOptions): Promise<Results> {
    const { newPrivateKey, signer, verify } = options.signatures ?? ed25519;
    const privateKey = await options.store.keepForLife("ticket key", newPrivateKey);
    const results = new Results(options, signer(privateKey), verify);
    for (const match of await options.store.openMatches())
      results.#open.restore(results.#ticketOf(match), abandonedBy(match));
    return results;
  }

  get ticketKey(): string {
    return this.#signer.publicKey;
  }

  /** The matches without an outcome, each with those who are `playing`: not who was answered PENDING. */
  openMatches(): { matchId: string; inviter: string; invitee: string; playing: string[] }[] {
    return [...this.#open].map(({ ticket, abandonedBy: reporter }) => {
      const { matchId, inviter, invitee } = ticket;
      const playing = [inviter, invitee].filter((user) => symbolOf(ticket, user) !== reporter);
      return { matchId, inviter, invitee, playing };
    });
  }

  /** Resolves once the match is on disk. */
  startMatch({
    hasDisputes = false,
    ...start
  }: MatchStart): Promise<{ ok: true; matchId: string; ticket: string } | TryLater> {
    return tryLaterOnStoreTrouble(async () => {
      const { store, clock, random, moveLimitSeconds = MOVE_LIMIT_SECONDS } = this.#options;
      const matchId = toBase64url(random(MATCH_ID_BYTES));
      const seats = { ...start, matchId, issuedAtSeconds: Math.floor(clock.nowMs() / 1_000) };
      const ticket = hasDisputes ? { ...seats, moveLimitSeconds } : seats;
      const ticketText = signTicket(ticket, this.#signer);
      await store.addMatch({ matchId, ticketText, inviter: start.inviter, invitee: start.invitee });
      this.#open.start(ticket);
      return { ok: true, matchId, ticket: ticketText };
    });
  }

  /** The ticket for an invitee with the key of the match who may have missed it; null: there is no such match. */
  ticketFor(
    matchId: string,
    { user, publicKey, inviter }: { user: string; publicKey: string | undefined; inviter: string },
  ): { inviter: { user: string; publicKey: string }; ticket: string } | null {
    const ticket = this.#open.byId(matchId)?.ticket;
    if (!ticket || !isSameUser(ticket.invitee, user) || !isSameUser(ticket.inviter, inviter)) return null;
    if (ticket.inviteeKey !== publicKey) return null;
    const seat = { user: ticket.inviter, publicKey: ticket.inviterKey };
    return { inviter: seat, ticket: signTicket(ticket, this.#signer) };
  }

  /** `playing`: a player is back in a match that is on. */
  async rejoin(
    user: string,
    ticketText: string,
  ): Promise<{ ok: true; matchId: string } | { ok: false; code: "UNKNOWN_MATCH" } | TryLater> {
    const ticket = openTicket(ticketText, this.ticketKey, this.#verify);
    const symbol = ticket && symbolOf(ticket, user);
    if (!symbol) return { ok: false, code: "UNKNOWN_MATCH" };
    const { matchId } = ticket;
    if (this.#open.attend(matchId, symbol)) return { ok: true, matchId };
    return tryLaterOnStoreTrouble(async () => {
      // It may have started on another server, which could not report it.
      const stored = await this.#options.store.findMatch(matchId);
      if (!stored || !this.elsewhere.adopt(stored)) return { ok: false, code: "UNKNOWN_MATCH" };
      this.#open.attend(matchId, symbol);
      return { ok: true, matchId };
    });
  }

  /** The user's session began, on this or a newer connection. */
  seen(user: string): void {
    this.#open.seen(user);
  }

  /** The user's session is gone: logged out, or the connection or its heartbeat lost. */
  unseen(user: string): void {
    this.#open.unseen(user);
  }

  async report(
    user: string,
    message: ResultMessage,
  ): Promise<
    | { ok: true; matchId: string; outcome: Outcome; points: number }
    | Refusal<"BAD_TICKET" | "NOT_YOUR_MATCH" | "BAD_TRANSCRIPT" | "CONFLICT">
  > {
    const ticket = openTicket(message.ticket, this.ticketKey, this.#verify);
    if (!ticket) return { ok: false, code: "BAD_TICKET" };
    const by = symbolOf(ticket, user);
    if (!by || !isSameUser(message.self, user) || !isSameUser(message.opponent, opponentOf(ticket, by).user))
      return { ok: false, code: "NOT_YOUR_MATCH" };
    const replayed = replay(message.ticket, ticket, message.actions, this.#verify);
    if (!replayed.ok) return { ok: false, code: "BAD_TRANSCRIPT" };
    const { matchId } = ticket;
    const { claim } = message;
    return this.#inOrder(matchId, async () => {
      const report = { by, claim, transcript: replayed.transcript };
      const decided = await this.#record(ticket, (record, stored) =>
        stored.ticketText === message.ticket ? decideReport(record, report) : null,
      );
      if (!decided) return { ok: false, code: "BAD_TICKET" };
      this.#announce(ticket, decided, decided.answer.ok ? by : null);
      if (!decided.answer.ok) return decided.answer;
      if (decided.answer.outcome === "PENDING") {
        this.#open.abandon(matchId, by);
        this.#options.onAbandoned?.(matchId, by);
      } else this.#open.byId(matchId)?.answered.add(by);
      // It may have been on disk before without anybody being told, because the store's answer was lost.
      if (decided.before.verdict) await this.elsewhere.noticeOutcome(ticket);
      return { ...decided.answer, matchId };
    });
  }

  /** Stops all timers; resolves when decisions that are under way are done. */
  async close(): Promise<void> {
    this.#open.stop();
    await this.#decisions.done();
  }

  async #settleWithoutProof(match: OpenMatch): Promise<void> {
    const { ticket, abandonedBy: reporter } = match;
    const trouble = await this.#inOrder(ticket.matchId, async () => {
      const away = await this.#awayElsewhere(match);
      if (away === null) return { ok: false };
      if (!away.isDue) return this.#open.waitOn(match);
      const recorded = await this.#record(ticket, (record) => {
        // A report or a player may have arrived before this decision.
        const isStillDue = match.abandonedBy === reporter && (reporter || match.attending.size === 0);
        const knownReporter = record.verdict ? reporter : abandonedBy(record);
        // It was reported to another server, which this one was not told: the wait starts now.
        if (knownReporter && !reporter) this.#open.abandon(ticket.matchId, knownReporter);
        return isStillDue && knownReporter === reporter ? decideWithoutProof(record, away.wasSeen) : null;
      });
      if (recorded) this.#announce(ticket, recorded, null);
      await this.elsewhere.noticeOutcome(ticket);
    });
    if (trouble) this.#open.tryAgain(match);
  }

  /** What other servers know of the players; null: unknown. */
  async #awayElsewhere(match: OpenMatch): Promise<{ isDue: boolean; wasSeen: OpenMatch["wasSeen"] } | null> {
    const { abandonedBy: reporter, wasSeen } = match;
    if (!reporter) {
      const isAttended = await this.elsewhere.isAttended(match);
      return isAttended === null ? null : { isDue: !isAttended, wasSeen };
    }
    const other = otherSymbol(reporter);
    const wasElsewhere = await this.elsewhere.wasSeen(match, other, this.#open.limitMs);
    if (wasElsewhere === null) return null;
    return { isDue: true, wasSeen: { ...wasSeen, [other]: wasSeen[other] || wasElsewhere } };
  }

  async #record<Decision extends Settlement>(ticket: Ticket, decide: Decide<Decision>) {
    const { leaderboard, store } = this.#options;
    try {
      return await recordDecision(store, ticket, decide);
    } catch (error) {
      // It may be on disk all the same.
      leaderboard.mayHaveMissed();
      throw error;
    }
  }

  /** Reports to everybody concerned what is on disk now. */
  #announce(
    ticket: Ticket,
    { before, record: after, pointsAdded }: RecordedDecision<Settlement>,
    answered: PlayerSymbol | null,
  ): void {
    const { leaderboard, onSettled } = this.#options;
    for (const { user, points } of pointsAdded) leaderboard.add(user, points);
    if (!after.verdict || after.verdict.outcome === before.verdict?.outcome) return;
    this.#open.settle(ticket.matchId);
    onSettled(settledFor(ticket, after.verdict.outcome, answered));
  }

  #inOrder<T>(matchId: string, work: () => Promise<T>): Promise<T | TryLater> {
    return this.#decisions.run(matchId, () => tryLaterOnStoreTrouble<T>(work));
  }

  #ticketOf({ matchId, ticketText }: StoredMatch): Ticket {
    const ticket = openTicket(ticketText, this.ticketKey, this.#verify);
    if (!ticket) throw new Error(`the stored ticket of match ${matchId} is not this server's`);
    return ticket;
  }
}
