// Results on their way to the server: each is kept until the server has answered it (docs/PROTOCOL.md §6, §8).

import { isSameUser } from "../../game/user-name.ts";
import type { ErrorMessage } from "../../protocol/codec.ts";
import type { Outcome } from "../../protocol/fields.ts";
import type { SessionContext } from "./context.ts";
import { claimOf, type Match, matchIdOf } from "./match-play.ts";

interface Report {
  readonly match: Match;
  readonly isFromBefore: boolean;
}

export class Reports {
  readonly #context: SessionContext;
  readonly #onAnswered: (match: Match, wasPlayed: boolean) => void;
  #reports: Report[] = [];
  /** Those on their way, in the order of sending, which is that of the answers. */
  #sent: Report[] = [];

  /** `wasPlayed`: the match that was answered was played to its end, and in this run of the program. */
  constructor(context: SessionContext, onAnswered: (match: Match, wasPlayed: boolean) => void) {
    this.#context = context;
    this.#onAnswered = onAnswered;
  }

  has(matchId: string): boolean {
    return this.#reports.some(({ match }) => matchIdOf(match) === matchId);
  }

  get isWaiting(): boolean {
    return this.#sent.length > 0;
  }

  /** Those whose result is not acknowledged. */
  get matches(): Match[] {
    return this.#reports.filter((report) => !this.#isOutdated(report)).map(({ match }) => match);
  }

  /** A result that an earlier run did not deliver. */
  restore(match: Match): void {
    this.#reports.push({ match, isFromBefore: true });
    this.#context.say({ kind: "result-owed", user: match.self, opponent: match.opponent.user });
  }

  /** Called again for a match whose end was replaced by an action that crossed it. */
  add(match: Match): void {
    this.#reports.push({ match, isFromBefore: false });
    this.#dropOutdated();
    if (this.#context.isOnline) this.sendAll();
    else this.#context.say({ kind: "result-waits", claim: claimOf(match) });
  }

  /** Sends the logged-in user's pending results; without the server they wait for the next login. */
  sendAll(): void {
    if (!this.#context.isOnline) return;
    const user = this.#context.identity?.user;
    for (const report of this.#reports) {
      if (this.#sent.includes(report) || !user || !isSameUser(user, report.match.self)) continue;
      this.#sent.push(report);
      const { self, opponent, transcript } = report.match;
      this.#context.send({
        name: "result",
        self,
        opponent: opponent.user,
        claim: claimOf(report.match),
        ticket: transcript.ticketText,
        actions: [...transcript.actions],
      });
    }
  }

  accepted(matchId: string, outcome: Outcome, points: number): void {
    const report = this.#sent.find(({ match }) => matchIdOf(match) === matchId);
    if (!report) return;
    this.#forget(report);
    this.#context.say({ kind: "result", opponent: report.match.opponent.user, outcome, points });
    const isEnded = report.match.transcript.state.end !== null && outcome !== "VOID";
    this.#onAnswered(report.match, isEnded && !report.isFromBefore);
  }

  refused({ code, text, seconds }: ErrorMessage): void {
    const [report] = this.#sent;
    if (!report) return;
    if (code === "TRY_LATER" || code === "NOT_LOGGED_IN") {
      this.#sent.shift();
      if (seconds !== undefined) this.#context.after(seconds * 1_000, () => this.sendAll());
      return;
    }
    this.#forget(report);
    this.#context.say({ kind: "result-refused", opponent: report.match.opponent.user, code, text });
    this.#onAnswered(report.match, false);
  }

  /** The server is lost: what it has not answered is sent again. */
  unsend(): void {
    this.#sent = [];
    this.#dropOutdated();
  }

  #forget(report: Report): void {
    this.#sent = this.#sent.filter((each) => each !== report);
    this.#reports = this.#reports.filter((each) => each !== report);
  }

  /** Of two reports of one match the newer one counts; one that was sent is still answered. */
  #dropOutdated(): void {
    this.#reports = this.#reports.filter(
      (report) => this.#sent.includes(report) || !this.#isOutdated(report),
    );
  }

  #isOutdated({ match }: Report): boolean {
    const newest = this.#reports.findLast((each) => matchIdOf(each.match) === matchIdOf(match));
    return newest?.match !== match;
  }
}
