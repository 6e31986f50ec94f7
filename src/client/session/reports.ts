// Results on their way to the server: each is kept until the server has answered it (docs/PROTOCOL.md §6, §8).
import type { ErrorMessage } from "../../protocol/codec.ts";
import type { Outcome } from "../../protocol/fields.ts";
import { isSameUser, type SessionContext } from "./context.ts";
import { claimOf, type Match, matchIdOf } from "./match-play.ts";

interface Report {
  match: Match;
  isSent: boolean;
}

export class Reports {
  readonly #context: SessionContext;
  readonly #onAnswered: (match: Match, outcome: Outcome | null) => void;
  #reports: Report[] = [];

  constructor(context: SessionContext, onAnswered: (match: Match, outcome: Outcome | null) => void) {
    this.#context = context;
    this.#onAnswered = onAnswered;
  }

  has(matchId: string): boolean {
    return this.#reports.some(({ match }) => matchIdOf(match) === matchId);
  }

  get isWaiting(): boolean {
    return this.#reports.some(({ isSent }) => isSent);
  }

  /** Those whose result is not acknowledged. */
  get matches(): Match[] {
    return this.#reports.map(({ match }) => match);
  }

  /** A result that an earlier run owed. */
  restore(match: Match): void {
    this.#reports.push({ match, isSent: false });
    this.#context.say({ kind: "result-owed", user: match.self, opponent: match.opponent.user });
  }

  /** Once more for a match whose end gave way to one that crossed it. */
  add(match: Match): void {
    this.#reports.push({ match, isSent: false });
    this.#dropOutdated();
    if (this.#context.isOnline) this.sendAll();
    else this.#context.say({ kind: "result-waits", claim: claimOf(match) });
  }

  /** Sends what the user who is logged in owes; without the server it waits for the next login. */
  sendAll(): void {
    if (!this.#context.isOnline) return;
    const user = this.#context.identity?.user;
    for (const report of this.#reports) {
      if (report.isSent || !user || !isSameUser(user, report.match.self)) continue;
      report.isSent = true;
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
    const report = this.#reports.find((each) => each.isSent && matchIdOf(each.match) === matchId);
    if (!report) return;
    this.#reports = this.#reports.filter((each) => each !== report);
    this.#context.say({ kind: "result", opponent: report.match.opponent.user, outcome, points });
    this.#onAnswered(report.match, outcome);
  }

  refused({ code, text, seconds }: ErrorMessage): void {
    const report = this.#reports.find(({ isSent }) => isSent);
    if (!report) return;
    if (code === "TRY_LATER" || code === "NOT_LOGGED_IN") {
      report.isSent = false;
      if (seconds !== undefined) this.#context.after(seconds * 1_000, () => this.sendAll());
      return;
    }
    this.#reports = this.#reports.filter((each) => each !== report);
    this.#context.say({ kind: "result-refused", opponent: report.match.opponent.user, code, text });
    this.#onAnswered(report.match, null);
  }

  /** The server is lost: what it has not answered is sent again. */
  unsend(): void {
    for (const report of this.#reports) report.isSent = false;
    this.#dropOutdated();
  }

  /** Of two reports of one match the newer one holds; one that is on its way is still answered. */
  #dropOutdated(): void {
    this.#reports = this.#reports.filter(
      ({ match, isSent }, index, all) =>
        isSent || !all.slice(index + 1).some((newer) => matchIdOf(newer.match) === matchIdOf(match)),
    );
  }
}
