// What a client knows and decides: takes an event, gives back what is to be done. No socket, no clock, no words.
import { type Command, type Phase, refusalOf } from "./commands.ts";
import { Account } from "./session/account.ts";
import { SessionContext, type SessionWorld } from "./session/context.ts";
import { CurrentMatch } from "./session/current-match.ts";
import type { Effect, SessionEvent } from "./session/event.ts";
import { FromServer } from "./session/from-server.ts";
import { FromUser } from "./session/from-user.ts";
import { Invitations, type Question } from "./session/invitations.ts";
import { Keeping, type KeptPart } from "./session/keeping.ts";
import type { Meeting } from "./session/kept.ts";
import { Lookups } from "./session/lookups.ts";
import { type Match, matchIdOf } from "./session/match-play.ts";
import type { RefusalReason } from "./session/notice.ts";
import { Reports } from "./session/reports.ts";
import { Restoring } from "./session/restoring.ts";

export class Session {
  readonly #context: SessionContext;
  readonly #account: Account;
  readonly #invitations: Invitations;
  readonly #current: CurrentMatch;
  readonly #reports: Reports;
  readonly #fromServer: FromServer;
  readonly #fromUser: FromUser;
  readonly #keeping: Keeping;
  readonly #restoring: Restoring;
  readonly #server: string;
  #isConnected = false;
  #wasConnected = false;

  /** `server` is its address, as its user writes it. */
  constructor(server: string, world: SessionWorld) {
    this.#server = server;
    this.#context = new SessionContext(world);
    this.#account = new Account(
      this.#context,
      () => this.#loggedIn(),
      () => this.#fromUser.logOut(),
    );
    this.#keeping = new Keeping(this.#context);
    this.#invitations = new Invitations(this.#context, {
      isKnown: (match) => this.#keeping.hasSeat(match),
      onMatch: (match, meeting) => this.#started(match, meeting),
    });
    this.#current = new CurrentMatch(this.#context, (match) => this.#reports.add(match));
    this.#reports = new Reports(this.#context, (match, wasPlayed) => {
      this.#current.forget(match);
      if (!this.#current.match) this.#invitations.matchClosed(match, wasPlayed);
    });
    const parts = {
      context: this.#context,
      account: this.#account,
      lookups: new Lookups(this.#context),
      invitations: this.#invitations,
      current: this.#current,
      reports: this.#reports,
      keeping: this.#keeping,
    };
    this.#fromServer = new FromServer(parts);
    this.#fromUser = new FromUser(parts, this.#fromServer);
    this.#restoring = new Restoring(parts);
  }

  get phase(): Phase {
    if (this.#current.match) return "playing";
    if (!this.#context.isOnline) return "disconnected";
    if (!this.#context.identity) return "connected";
    if (this.#invitations.invitee) return "inviting";
    return this.#invitations.inviter ? "invited" : "logged-in";
  }

  get user(): string | null {
    return this.#context.identity?.user ?? null;
  }

  get match(): Match | null {
    return this.#current.match;
  }

  /** What waits for the user's yes or no. */
  get question(): Question | null {
    return this.#invitations.question;
  }

  /** A request of the user is not answered yet; an invitation, which a person answers, does not count. */
  get isWaiting(): boolean {
    return this.#account.isWaiting || this.#fromServer.isWaiting;
  }

  /** Why `name` cannot be done now, or null. */
  refusalOf(name: Command["name"]): RefusalReason | null {
    if (name === "answer" && !this.question) return "NO_QUESTION";
    if (name === "login" && this.#canLogInAnew) return null;
    if (name === "cancel" && this.#invitations.isAwaitingRematch) return null;
    const reason = refusalOf(name, this.phase, this.#context.isOnline);
    if (reason) return reason;
    return name === "reconnect" && this.#isConnected ? "CONNECTED" : null;
  }

  /** The effects are to be done in their order. */
  handle(event: SessionEvent): Effect[] {
    this.#take(event);
    const effects = this.#context.takeEffects();
    const isAnswerToKeep = event.kind === "kept" || event.kind === "not-kept";
    const keep = this.#keeping.effect(this.#partsToKeep, !isAnswerToKeep);
    return keep ? [keep, ...effects] : effects;
  }

  get #partsToKeep(): KeptPart[] {
    const owed = this.#reports.matches.map((match) => ({ match, isLeft: !match.transcript.state.end }));
    const match = this.#current.matchToKeep;
    return match && !this.#reports.has(matchIdOf(match)) ? [...owed, { match, isLeft: false }] : owed;
  }

  /** A login that comes from an earlier run gives way to one that is typed. */
  get #canLogInAnew(): boolean {
    const { identity, isOnline } = this.#context;
    return isOnline && identity?.isFromBefore === true && this.phase === "logged-in";
  }

  #take(event: SessionEvent): void {
    switch (event.kind) {
      case "restored":
        this.#restoring.restore(event.kept);
        this.#keeping.holds(this.#partsToKeep);
        break;
      case "recalled":
        this.#restoring.take(event.matches);
        if (this.#context.isOnline && event.matches.length > 0) this.#loggedIn();
        break;
      case "kept":
        this.#keeping.kept();
        this.#current.kept();
        break;
      case "not-kept":
        if (this.#current.notKept(event.reason)) this.#keeping.holds(this.#partsToKeep);
        else this.#keeping.notKept(event.reason);
        break;
      case "command":
        this.#command(event.command);
        break;
      case "connected":
        this.#connected();
        break;
      case "lost":
        this.#lost(event.isReplaced);
        break;
      case "given-up":
        this.#context.say({ kind: "server-given-up", seconds: event.seconds });
        break;
      case "server-said":
        this.#fromServer.take(event.message);
        break;
      case "securely-answered":
        this.#account.answered(event.request, event.answer, event.ticketKey);
        break;
      case "not-answered":
        this.#account.notAnswered(event.request, event.notice);
        break;
      case "listening":
        this.#invitations.listening(event);
        break;
      case "cannot-listen":
        this.#invitations.cannotListen(event.reason);
        break;
      case "peer-joined":
        this.#current.peerJoined(event.matchId);
        break;
      case "peer-lost":
        this.#current.peerLost(event.matchId);
        break;
      case "peer-gone":
        this.#current.peerGone(event.matchId, event.seconds);
        break;
      case "peer-said":
        this.#current.peerSaid(event.matchId, event.message);
        break;
      case "delay-measured":
        this.#current.delayMeasured(event.matchId, event.delayMs);
        break;
      case "timer":
        this.#context.runTimer(event.id);
        break;
    }
  }

  #command(command: Command): void {
    const reason = this.refusalOf(command.name);
    if (reason) {
      const user = this.match?.opponent.user ?? this.#invitations.invitee ?? this.#invitations.inviter;
      const other = reason === "LOGGED_IN" ? this.user : user;
      this.#context.say({ kind: "out-of-place", command: command.name, reason, user: other });
      return;
    }
    this.#fromUser.take(command);
  }

  #started(match: Match, meeting: Meeting): void {
    const { identity, ticketKey } = this.#context;
    if (identity) this.#keeping.seat(match, { privateKey: identity.privateKey, ticketKey, meeting });
    this.#current.start(match);
  }

  #connected(): void {
    this.#isConnected = true;
    if (!this.#wasConnected) this.#context.say({ kind: "connected", server: this.#server });
    if (this.#context.identity) {
      this.#account.resume();
    } else {
      this.#context.isOnline = true;
      if (this.#wasConnected) this.#context.say({ kind: "server-back" });
    }
    this.#wasConnected = true;
  }

  #lost(isReplaced: boolean): void {
    this.#isConnected = false;
    this.#context.isOnline = false;
    this.#fromServer.drop();
    if (isReplaced) {
      this.#context.identity = null;
      this.#invitations.drop();
    }
    this.#context.say(isReplaced ? { kind: "replaced" } : { kind: "server-lost", isMatchOn: !!this.match });
  }

  #loggedIn(): void {
    const { match } = this;
    if (match) this.#context.send({ name: "playing", ticket: match.transcript.ticketText });
    this.#invitations.answerAgain();
    this.#reports.sendAll();
  }
}
