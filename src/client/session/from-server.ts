// Passes each message of the control connection to the part of the session that handles it.
import type { ErrorMessage } from "../../protocol/codec.ts";
import type { ControlFromServer } from "../../protocol/messages.ts";
import type { Account } from "./account.ts";
import type { SessionContext } from "./context.ts";
import type { CurrentMatch } from "./current-match.ts";
import type { Invitations } from "./invitations.ts";
import type { Keeping } from "./keeping.ts";
import type { Lookups } from "./lookups.ts";
import type { Reports } from "./reports.ts";

export interface SessionParts {
  readonly context: SessionContext;
  readonly account: Account;
  readonly lookups: Lookups;
  readonly invitations: Invitations;
  readonly current: CurrentMatch;
  readonly reports: Reports;
  readonly keeping: Keeping;
}

/** Requests whose answer is a bare acknowledgement. */
type PlainRequest = "logout" | "cancel";

export class FromServer {
  readonly #parts: SessionParts;
  #unanswered: PlainRequest[] = [];

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get isWaiting(): boolean {
    const { lookups, reports } = this.#parts;
    return lookups.isWaiting || reports.isWaiting || this.#unanswered.length > 0;
  }

  /** A request was sent. */
  expect(request: PlainRequest): void {
    this.#unanswered.push(request);
  }

  /** The server is lost; what it was asked will not be answered. */
  drop(): void {
    const { account, lookups, invitations, reports } = this.#parts;
    account.staysLoggedIn();
    lookups.drop();
    invitations.lost();
    reports.unsend();
    this.#unanswered = [];
  }

  handle(message: ControlFromServer | ErrorMessage): void {
    const { account, lookups, invitations, current, reports } = this.#parts;
    switch (message.name) {
      case "error":
        this.#refused(message);
        break;
      case "listACK":
        lookups.listed(message.users);
        break;
      case "leadersACK":
        lookups.ranked(message.scores);
        break;
      case "logoutACK":
        this.#answered("logout");
        invitations.drop();
        account.loggedOut();
        break;
      case "cancelACK":
        this.#answered("cancel");
        invitations.cancelConfirmed();
        break;
      case "invite":
        invitations.invited(message.user, current.match !== null, reports.isWaiting);
        break;
      case "cancel":
        invitations.cancelled(message.user, message.reason);
        break;
      case "answer":
        invitations.answered(message.user, message.accepted, message.details);
        break;
      case "answerACK":
        invitations.answerConfirmed(message.ticket);
        break;
      case "resultACK":
        reports.accepted(message.matchId, message.outcome, message.points);
        break;
      case "settled":
        this.#settled(message);
        break;
    }
  }

  #settled({ matchId, outcome, points }: Extract<ControlFromServer, { name: "settled" }>): void {
    const { context, current, reports } = this.#parts;
    // The answer to the player's own report says more.
    if (reports.has(matchId)) return;
    const opponent = current.match?.opponent.user ?? "";
    const tell = () => context.say({ kind: "result", opponent, outcome, points });
    if (current.isOn(matchId)) current.settled(matchId, tell);
    else tell();
  }

  #refused(error: ErrorMessage): void {
    const { context, account, lookups, invitations, current, reports } = this.#parts;
    switch (error.request) {
      case "begin":
        invitations.beginRefused(error);
        return;
      case "answer":
        invitations.answerRefused(error);
        return;
      case "result":
        reports.refused(error);
        return;
      case "playing":
        if (error.code === "UNKNOWN_MATCH") current.unknown();
        return;
      case "list":
      case "leaders":
        lookups.refused(error.request);
        break;
      case "logout":
        account.staysLoggedIn();
        this.#answered("logout");
        break;
      case "cancel":
        this.#answered("cancel");
    }
    const { request, code, text, seconds } = error;
    context.say({ kind: "server-refused", request, code, text, seconds });
  }

  #answered(request: PlainRequest): void {
    const index = this.#unanswered.indexOf(request);
    if (index >= 0) this.#unanswered.splice(index, 1);
  }
}
