// Who invited whom, up to the ticket of a match (docs/PROTOCOL.md §5), and the rematch, which is an invitation too.

import { isSameUser } from "../../game/user-name.ts";
import type { ErrorMessage } from "../../protocol/codec.ts";
import { readAcceptedMatch } from "../../protocol/fields.ts";
import type { Identity, SessionContext } from "./context.ts";
import type { AnnouncedAddress } from "./event.ts";
import type { Meeting } from "./kept.ts";
import { type Match, openMatch } from "./match-play.ts";

/** How long an answer about a rematch holds. */
const REMATCH_MS = 30_000;

interface Rematch {
  opponent: string;
  /** The inviter of the match before invites again. */
  isInviter: boolean;
  answer: "yes" | "no" | null;
}

interface Invitation {
  readonly from: string;
  isAccepted: boolean;
  isAsked: boolean;
}

interface SentAnswer {
  readonly invitation: Invitation;
  /** Where this player listens; null when the answer is no. */
  readonly endpoints: Endpoints | null;
}

interface Endpoints {
  readonly gamePort: number;
  readonly pingPort: number;
}

export interface InvitationsHandlers {
  /** A server can issue a ticket twice. A match that has begun never begins again, or its moves would be signed twice. */
  isKnown(match: Match): boolean;
  onMatch(match: Match, meeting: Meeting): void;
}

export type Question = { kind: "accept" | "rematch"; user: string };

export class Invitations {
  readonly #context: SessionContext;
  readonly #handlers: InvitationsHandlers;
  /** Whom this user has invited. */
  #invitee: string | null = null;
  #invitation: Invitation | null = null;
  /** Of the invitation; null until this player listens. */
  #acceptance: { answer: SentAnswer; details: string[]; identity: Identity } | null = null;
  /** On their way to the server, which confirms or refuses them in this order. */
  readonly #sentAnswers: SentAnswer[] = [];
  #rematch: Rematch | null = null;

  constructor(context: SessionContext, handlers: InvitationsHandlers) {
    this.#context = context;
    this.#handlers = handlers;
  }

  get invitee(): string | null {
    return this.#invitee;
  }

  /** Who waits for this user's answer. */
  get inviter(): string | null {
    return this.#invitation?.isAsked ? this.#invitation.from : null;
  }

  get question(): Question | null {
    if (this.#rematch?.answer === null) return { kind: "rematch", user: this.#rematch.opponent };
    if (this.#invitation?.isAsked && !this.#invitation.isAccepted) {
      return { kind: "accept", user: this.#invitation.from };
    }
    return null;
  }

  begin(user: string): void {
    this.dropRematch();
    if (this.#invitation) return;
    const { identity } = this.#context;
    if (identity && isSameUser(user, identity.user)) {
      this.#context.say({ kind: "server-refused", request: "begin", code: "SELF", text: "" });
      return;
    }
    this.#invitee = user;
    this.#context.say({ kind: "inviting", user });
    this.#context.send({ name: "begin", user });
  }

  /** The user accepted a rematch that the opponent has to begin. */
  get isAwaitingRematch(): boolean {
    return this.#rematch?.answer === "yes";
  }

  /** A later invitation from the opponent is an ordinary one. */
  withdrawRematch(): void {
    this.dropRematch();
    this.#context.say({ kind: "rematch-withdrawn" });
  }

  cancel(): void {
    if (this.#invitee) this.#context.send({ name: "cancel", user: this.#invitee });
  }

  /** `isBusy`: this player is at the board. `isLate`: the result of the match before is not answered yet. */
  invited(user: string, isBusy: boolean, isLate: boolean): void {
    // The answer to the invitation before this one is on its way once more, and counts for this one too.
    if (this.#invitation?.isAccepted && isSameUser(this.#invitation.from, user)) return;
    if (isBusy || this.#invitation) {
      this.#context.send({ name: "inviteERR", user, code: "BUSY" });
      return;
    }
    this.#context.send({ name: "inviteACK", user });
    this.#invitation = { from: user, isAccepted: false, isAsked: false };
    if (isLate) return;
    this.#ask();
  }

  answer(isYes: boolean): void {
    if (this.#rematch?.answer === null) this.#answerRematch(this.#rematch, isYes);
    else if (this.#invitation?.isAsked && !this.#invitation.isAccepted) this.#answerInvitation(isYes);
  }

  listening({
    gamePort,
    pingPort,
    announced,
  }: Endpoints & { announced?: AnnouncedAddress | undefined }): void {
    const { identity } = this.#context;
    if (!this.#invitation?.isAccepted || !identity) {
      this.#context.emit({ kind: "stop-listening" });
      return;
    }
    const { user } = identity;
    const details = [`${announced?.gamePort ?? gamePort}`, user, `${announced?.pingPort ?? pingPort}`];
    if (announced) details.push(announced.host);
    const answer = { invitation: this.#invitation, endpoints: { gamePort, pingPort } };
    this.#acceptance = { answer, details, identity };
    this.#sendAnswer(answer, details);
  }

  /** After a new login it is unknown whether an acceptance became a match. */
  answerAgain(): void {
    if (!this.#invitation?.isAccepted || !this.#acceptance || this.#sentAnswers.length > 0) return;
    const { answer, details, identity } = this.#acceptance;
    if (identity === this.#context.identity) this.#sendAnswer(answer, details);
    else this.drop();
  }

  cannotListen(reason: string): void {
    if (!this.#invitation) return;
    this.#context.say({ kind: "cannot-listen", reason });
    this.#decline(this.#invitation);
  }

  /**
   * The server confirms an answer; after an acceptance, with the ticket. An answer that crosses a `cancel` and
   * the next invitation of the same player counts for that one: the match starts at the ports that the answer named.
   */
  answerConfirmed(ticketText: string | undefined): void {
    const sent = this.#sentAnswers.shift();
    if (!sent?.endpoints || ticketText === undefined) return;
    const { invitation, endpoints } = sent;
    const isListening = invitation === this.#invitation;
    this.#invitation = null;
    const match = this.#openMatch(ticketText, invitation.from, "O");
    if (!match) {
      if (isListening) this.#context.emit({ kind: "stop-listening" });
      return;
    }
    if (isListening) this.#context.emit({ kind: "await-peer", match });
    else this.#context.emit({ kind: "await-peer-again", match, ...endpoints });
    this.#handlers.onMatch(match, { kind: "listen", ...endpoints });
  }

  /** The invitee's answer, handed on by the server. */
  answered(user: string, isAccepted: boolean, details: string[]): void {
    this.#context.send({ name: "answerACK", user });
    if (!this.#invitee || !isSameUser(this.#invitee, user)) return;
    this.#invitee = null;
    if (!isAccepted) {
      this.#context.say({ kind: "invitation-refused", user, reason: details[0] ?? "" });
      return;
    }
    const accepted = readAcceptedMatch(details);
    const match = accepted && this.#openMatch(accepted.ticket, user, "X");
    if (!accepted || !match) return;
    const { host, gamePort, pingPort } = accepted;
    const address = { host, gamePort, pingPort };
    this.#context.emit({ kind: "dial-peer", match, ...address });
    this.#handlers.onMatch(match, { kind: "dial", ...address });
  }

  cancelled(user: string, reason: string): void {
    if (!this.#invitation || !isSameUser(this.#invitation.from, user)) return;
    const { isAccepted, isAsked } = this.#invitation;
    this.#invitation = null;
    if (isAccepted) this.#context.emit({ kind: "stop-listening" });
    if (isAsked) this.#context.say({ kind: "invitation-ended", user, reason });
  }

  cancelConfirmed(): void {
    if (this.#invitee) this.#context.say({ kind: "invitation-withdrawn", user: this.#invitee });
    this.#invitee = null;
  }

  beginRefused(error: ErrorMessage): void {
    const user = this.#invitee ?? "";
    this.#invitee = null;
    this.#sayRefused(error, user);
  }

  /** An answer can cross with the inviter's `cancel`; another invitation may stand by the time it is refused. */
  answerRefused(error: ErrorMessage): void {
    const refused = this.#sentAnswers.shift()?.invitation;
    if (!refused || refused !== this.#invitation) return;
    this.#invitation = null;
    this.#context.emit({ kind: "stop-listening" });
    this.#sayRefused(error, refused.from);
  }

  /** A match has its outcome; offers a rematch. `wasPlayed`: this program played it to an end. */
  matchClosed(match: Match, wasPlayed: boolean): void {
    const opponent = match.opponent.user;
    const isElsewhere = this.#invitation && !isSameUser(this.#invitation.from, opponent);
    if (wasPlayed && !isElsewhere) {
      this.#rematch = { opponent, isInviter: match.symbol === "X", answer: null };
      this.#context.say({ kind: "rematch", opponent });
    } else if (this.#invitation) {
      this.#ask();
    }
  }

  /** The user or the session moved on to something else. */
  dropRematch(): void {
    this.#rematch = null;
    if (this.#invitation && !this.#invitation.isAsked) this.#ask();
  }

  /** The server is lost. An acceptance may have become a match, so it stays until the server answers. */
  lost(): void {
    const accepted = this.#invitation?.isAccepted ? this.#invitation : null;
    this.#invitee = null;
    this.#invitation = accepted;
    this.#sentAnswers.length = 0;
    this.#rematch = null;
  }

  drop(): void {
    if (this.#invitation?.isAccepted) this.#context.emit({ kind: "stop-listening" });
    this.#invitee = null;
    this.#invitation = null;
    this.#sentAnswers.length = 0;
    this.#rematch = null;
  }

  #ask(): void {
    if (!this.#invitation) return;
    const { from } = this.#invitation;
    const isRematch = this.#rematch !== null && isSameUser(this.#rematch.opponent, from);
    if (isRematch && this.#rematch?.answer === null) return;
    const word = isRematch ? this.#rematch?.answer : null;
    this.#rematch = null;
    this.#invitation.isAsked = true;
    if (word) this.#answerInvitation(word === "yes");
    else this.#context.say({ kind: "invited", user: from });
  }

  #answerInvitation(isYes: boolean): void {
    if (!this.#invitation) return;
    if (isYes) {
      this.#invitation.isAccepted = true;
      this.#acceptance = null;
      this.#context.emit({ kind: "listen" });
      return;
    }
    const { from } = this.#invitation;
    this.#decline(this.#invitation);
    this.#context.say({ kind: "declined", user: from });
  }

  #decline(invitation: Invitation): void {
    this.#sendAnswer({ invitation, endpoints: null }, []);
    this.#invitation = null;
  }

  #sendAnswer(answer: SentAnswer, details: string[]): void {
    if (!this.#context.isOnline) return;
    this.#sentAnswers.push(answer);
    const { invitation, endpoints } = answer;
    this.#context.send({ name: "answer", user: invitation.from, accepted: endpoints !== null, details });
  }

  #sayRefused({ request, code, text, seconds }: ErrorMessage, user: string): void {
    this.#context.say({ kind: "server-refused", request, code, text, user, seconds });
  }

  #answerRematch(rematch: Rematch, isYes: boolean): void {
    rematch.answer = isYes ? "yes" : "no";
    if (this.#invitation) {
      this.#ask();
    } else if (!isYes && rematch.isInviter) {
      this.#rematch = null;
    } else if (isYes && rematch.isInviter) {
      this.begin(rematch.opponent);
    } else {
      const seconds = REMATCH_MS / 1_000;
      if (isYes) this.#context.say({ kind: "rematch-waits", opponent: rematch.opponent, seconds });
      this.#context.after(REMATCH_MS, () => this.#rematchExpired(rematch));
    }
  }

  #rematchExpired(rematch: Rematch): void {
    if (this.#rematch !== rematch) return;
    this.#rematch = null;
    if (rematch.answer === "yes") this.#context.say({ kind: "rematch-declined", opponent: rematch.opponent });
  }

  #openMatch(ticketText: string, opponent: string, symbol: "X" | "O"): Match | null {
    const { identity, ticketKey, world } = this.#context;
    const match =
      identity &&
      ticketKey !== null &&
      openMatch(ticketText, ticketKey, identity.user, identity.signer, world.verify);
    if (!match || match.symbol !== symbol || !isSameUser(match.opponent.user, opponent))
      this.#context.say({ kind: "bad-ticket", opponent });
    else if (this.#handlers.isKnown(match))
      this.#sayRefused({ name: "error", request: "begin", code: "IN_MATCH", text: "" }, opponent);
    else return match;
    return null;
  }
}
