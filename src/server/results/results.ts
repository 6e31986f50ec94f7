// Tickets out, transcripts in (docs/PROTOCOL.md §5, §8): the matches' edge to disk, clock and signatures.
// settlement.ts decides; nothing is told to anybody before it is on disk.
import { toBase64url } from "../../game/base64url.ts";
import type { PlayerSymbol } from "../../game/board.ts";
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
import type { Outcome } from "../../protocol/fields.ts";
import type { ControlFromClient } from "../../protocol/messages.ts";
import { type Refusal, tryLaterOnStoreTrouble } from "../accounts/accounts.ts";
import type { Clock } from "../clock.ts";
import type { MatchOutcome, Store, StoredMatch } from "../store/store.ts";
import { type Leaderboard, nameKey } from "./leaderboard.ts";
import { type OpenMatch, OpenMatches } from "./open-matches.ts";
import { type RecordedDecision, recordDecision } from "./recorded-decision.ts";
import {
  abandonedBy,
  decideReport,
  decideWithoutProof,
  outcomeFor,
  pointsFor,
  type Settlement,
} from "./settlement.ts";

const ABANDON_LIMIT_MS = 180_000;
/** How soon a match whose time is up is tried again when the disk did not take its outcome. */
const RETRY_MS = 5_000;
const symbols: readonly PlayerSymbol[] = ["X", "O"];

/** A match got its outcome, or another one after a fork came to light. */
export interface Settled {
  readonly matchId: string;
  readonly inviter: string;
  readonly invitee: string;
  readonly outcome: MatchOutcome;
  /** For whom it is the answer to no report of their own. */
  readonly toTell: readonly { user: string; outcome: Outcome; points: number }[];
}

export interface ResultsOptions {
  store: Store;
  clock: Clock;
  leaderboard: Leaderboard;
  random(bytes: number): Buffer;
  onSettled(settled: Settled): void;
  abandonAfterMs?: number;
  signatures?: SignatureScheme;
}

export interface MatchStart {
  inviter: string;
  inviterKey: string;
  invitee: string;
  inviteeKey: string;
}

type ResultMessage = Extract<ControlFromClient, { name: "result" }>;
type TryLater = { ok: false; code: "TRY_LATER"; seconds: number };

export class Results {
  readonly #options: ResultsOptions;
  readonly #signer: Signer;
  readonly #verify: Verify;
  readonly #open: OpenMatches;
  /** The last thing under way for each match: one at a time decides on what the one before left on disk. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  private constructor(options: ResultsOptions, signer: Signer, verify: Verify) {
    this.#options = options;
    this.#signer = signer;
    this.#verify = verify;
    this.#open = new OpenMatches({
      clock: options.clock,
      limitMs: options.abandonAfterMs ?? ABANDON_LIMIT_MS,
      onTimeIsUp: (match) => void this.#settleWithoutProof(match),
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
  startMatch(start: MatchStart): Promise<{ ok: true; matchId: string; ticket: string } | TryLater> {
    return tryLaterOnStoreTrouble(async () => {
      const { store, clock, random } = this.#options;
      const matchId = toBase64url(random(MATCH_ID_BYTES));
      const ticket = { ...start, matchId, issuedAtSeconds: Math.floor(clock.nowMs() / 1_000) };
      const ticketText = signTicket(ticket, this.#signer);
      await store.addMatch({ matchId, ticketText, inviter: start.inviter, invitee: start.invitee });
      this.#open.start(ticket);
      return { ok: true, matchId, ticket: ticketText };
    });
  }

  /** `playing`: a player is back in a match that is on. */
  rejoin(
    user: string,
    ticketText: string,
  ): { ok: true; matchId: string } | { ok: false; code: "UNKNOWN_MATCH" } {
    const ticket = openTicket(ticketText, this.ticketKey, this.#verify);
    const symbol = ticket && symbolOf(ticket, user);
    if (!symbol || !this.#open.attend(ticket.matchId, symbol)) return { ok: false, code: "UNKNOWN_MATCH" };
    return { ok: true, matchId: ticket.matchId };
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
    if (!by || !isSame(message.self, user) || !isSame(message.opponent, opponentOf(ticket, by).user))
      return { ok: false, code: "NOT_YOUR_MATCH" };
    const replayed = replay(message.ticket, ticket, message.actions, this.#verify);
    if (!replayed.ok) return { ok: false, code: "BAD_TRANSCRIPT" };
    const { matchId } = ticket;
    const { claim } = message;
    return this.#inOrder(matchId, async () => {
      const report = { by, claim, transcript: replayed.transcript };
      const decided = await recordDecision(this.#options.store, ticket, (record, stored) =>
        stored.ticketText === message.ticket ? decideReport(record, report) : null,
      );
      if (!decided) return { ok: false, code: "BAD_TICKET" };
      this.#tell(ticket, decided, decided.answer.ok ? by : null);
      if (!decided.answer.ok) return decided.answer;
      if (decided.answer.outcome === "PENDING") this.#open.abandon(matchId, by);
      return { ...decided.answer, matchId };
    });
  }

  /** No timer of a match goes off any more; resolves when what is under way is done. */
  async close(): Promise<void> {
    this.#open.stop();
    await Promise.allSettled(this.#underWay.values());
  }

  async #settleWithoutProof(match: OpenMatch): Promise<void> {
    const { ticket, abandonedBy: reporter } = match;
    const settled = await this.#inOrder(ticket.matchId, async () => {
      const recorded = await recordDecision(this.#options.store, ticket, (record) => {
        // A report or a player may have come in before this could be decided.
        const isStillDue = match.abandonedBy === reporter && (reporter || match.attending.size === 0);
        return isStillDue ? decideWithoutProof(record, match.wasSeen) : null;
      });
      if (recorded) this.#tell(ticket, recorded, null);
      return { ok: true };
    });
    if (!settled.ok)
      match.timer = this.#options.clock.setTimer(RETRY_MS, () => void this.#settleWithoutProof(match));
  }

  /** Lets everybody know what is on disk now. */
  #tell(
    { matchId, inviter, invitee }: Ticket,
    { before, record: after, pointsAdded }: RecordedDecision<Settlement>,
    answered: PlayerSymbol | null,
  ): void {
    const { leaderboard, onSettled } = this.#options;
    for (const { user, points } of pointsAdded) leaderboard.add(user, points);
    if (!after.verdict || after.verdict.outcome === before.verdict?.outcome) return;
    this.#open.settle(matchId);
    const { outcome } = after.verdict;
    const toTell = symbols
      .filter((symbol) => symbol !== answered)
      .map((symbol) => {
        const own = outcomeFor(symbol, outcome);
        return { user: symbol === "X" ? inviter : invitee, outcome: own, points: pointsFor(own) };
      });
    onSettled({ matchId, inviter, invitee, outcome, toTell });
  }

  #inOrder<T>(matchId: string, work: () => Promise<T>): Promise<T | TryLater> {
    const before = this.#underWay.get(matchId) ?? Promise.resolve();
    const done = before.then(() => tryLaterOnStoreTrouble<T>(work));
    const settled = done
      .catch(() => {})
      .then(() => {
        if (this.#underWay.get(matchId) === settled) this.#underWay.delete(matchId);
      });
    this.#underWay.set(matchId, settled);
    return done;
  }

  #ticketOf({ matchId, ticketText }: StoredMatch): Ticket {
    const ticket = openTicket(ticketText, this.ticketKey, this.#verify);
    if (!ticket) throw new Error(`the stored ticket of match ${matchId} is not this server's`);
    return ticket;
  }
}

function isSame(user: string, other: string): boolean {
  return nameKey(user) === nameKey(other);
}
