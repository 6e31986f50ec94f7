// What a client knows and decides: takes an event and returns effects. No socket, no clock, no texts.
import { type Command, type Phase, refusalOf } from "./commands.ts";
import { Account } from "./session/account.ts";
import { SessionContext, type SessionWorld } from "./session/context.ts";
import { CurrentMatch } from "./session/current-match.ts";
import type { Effect, SessionEvent } from "./session/event.ts";
import { FromServer } from "./session/from-server.ts";
import { Invitations, type Question } from "./session/invitations.ts";
import { Keeping, type KeptPart } from "./session/keeping.ts";
import type { Kept, KeptMatch, Meeting } from "./session/kept.ts";
import { Lookups } from "./session/lookups.ts";
import { type Match, matchIdOf } from "./session/match-play.ts";
import type { RefusalReason } from "./session/notice.ts";
import { Reports } from "./session/reports.ts";
import { Restoring } from "./session/restoring.ts";

type EventTable = {
  [K in SessionEvent["kind"]]: (event: Extract<SessionEvent, { kind: K }>) => void;
};
type CommandTable = { [K in Command["name"]]: (command: Extract<Command, { name: K }>) => void };

export class Session {
  readonly #context: SessionContext;
  readonly #account: Account;
  readonly #invitations: Invitations;
  readonly #current: CurrentMatch;
  readonly #reports: Reports;
  readonly #fromServer: FromServer;
  readonly #lookups: Lookups;
  readonly #keeping: Keeping;
  readonly #restoring: Restoring;
  readonly #server: string;
  #isConnected = false;
  #wasConnected = false;

  readonly #events: EventTable = {
    restored: ({ kept }) => this.#restored(kept),
    recalled: ({ matches }) => this.#recalled(matches),
    kept: () => this.#kept(),
    "not-kept": ({ reason }) => this.#notKept(reason),
    command: ({ command }) => this.#command(command),
    connected: () => this.#connected(),
    lost: ({ isReplaced }) => this.#lost(isReplaced),
    "given-up": ({ seconds }) => this.#context.say({ kind: "server-given-up", seconds }),
    "server-said": ({ message }) => this.#fromServer.handle(message),
    "securely-answered": ({ request, answer, ticketKey }) =>
      this.#account.answered(request, answer, ticketKey),
    "not-answered": ({ request, notice }) => this.#account.notAnswered(request, notice),
    listening: (event) => this.#invitations.listening(event),
    "cannot-listen": ({ reason }) => this.#invitations.cannotListen(reason),
    "peer-joined": ({ matchId }) => this.#current.peerJoined(matchId),
    "peer-lost": ({ matchId }) => this.#current.peerLost(matchId),
    "peer-gone": ({ matchId, seconds }) => this.#current.peerGone(matchId, seconds),
    "peer-said": ({ matchId, message }) => this.#current.peerSaid(matchId, message),
    "delay-measured": ({ matchId, delayMs }) => this.#current.delayMeasured(matchId, delayMs),
    timer: ({ id }) => this.#context.runTimer(id),
  };

  /** What each does; whether it is allowed is checked before. */
  readonly #commands: CommandTable = {
    adduser: (command) => this.#account.run(command),
    login: (command) => this.#account.run(command),
    passwd: (command) => this.#account.run(command),
    logout: () => this.#logOut(),
    list: () => this.#lookups.list(),
    leaders: () => this.#lookups.leaders(),
    begin: ({ user }) => this.#invitations.begin(user),
    cancel: () => this.#cancel(),
    answer: ({ isYes }) => this.#invitations.answer(isYes),
    send: ({ row, column }) => this.#current.play({ row, column }),
    board: () => this.#current.showBoard(),
    delay: () => this.#current.showDelays(),
    end: () => this.#current.giveUp(),
    leave: () => this.#current.leave(),
    reconnect: () => this.#reconnect(),
  };

  /** `server` is its address, as its user writes it. */
  constructor(server: string, world: SessionWorld) {
    this.#server = server;
    this.#context = new SessionContext(world);
    this.#account = new Account(
      this.#context,
      () => this.#loggedIn(),
      () => this.#logOut(),
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
    this.#lookups = new Lookups(this.#context);
    const parts = {
      context: this.#context,
      account: this.#account,
      lookups: this.#lookups,
      invitations: this.#invitations,
      current: this.#current,
      reports: this.#reports,
      keeping: this.#keeping,
    };
    this.#fromServer = new FromServer(parts);
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

  /** The effects must be carried out in order. */
  handle(event: SessionEvent): Effect[] {
    // The kind selects the entry for this event; TypeScript cannot see that in an indexed table.
    (this.#events[event.kind] as (event: SessionEvent) => void)(event);
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

  /** A login that is typed replaces one from an earlier run. */
  get #canLogInAnew(): boolean {
    const { identity, isOnline } = this.#context;
    return isOnline && identity?.isFromBefore === true && this.phase === "logged-in";
  }

  #command(command: Command): void {
    const reason = this.refusalOf(command.name);
    if (reason) {
      const user = this.match?.opponent.user ?? this.#invitations.invitee ?? this.#invitations.inviter;
      const other = reason === "LOGGED_IN" ? this.user : user;
      this.#context.say({ kind: "out-of-place", command: command.name, reason, user: other });
      return;
    }
    // The name selects the entry for this command; TypeScript cannot see that in an indexed table.
    (this.#commands[command.name] as (command: Command) => void)(command);
  }

  #logOut(): void {
    this.#fromServer.expect("logout");
    this.#invitations.dropRematch();
    this.#context.send({ name: "logout" });
  }

  #cancel(): void {
    if (this.#invitations.isAwaitingRematch) {
      this.#invitations.withdrawRematch();
      return;
    }
    this.#fromServer.expect("cancel");
    this.#invitations.cancel();
  }

  #reconnect(): void {
    this.#context.say({ kind: "reconnecting" });
    this.#context.emit({ kind: "reconnect" });
  }

  #restored(kept: Kept): void {
    this.#restoring.restore(kept);
    this.#keeping.holds(this.#partsToKeep);
  }

  #recalled(matches: readonly KeptMatch[]): void {
    this.#restoring.addMatches(matches);
    if (this.#context.isOnline && matches.length > 0) this.#loggedIn();
  }

  #kept(): void {
    this.#keeping.kept();
    this.#current.kept();
  }

  #notKept(reason: string): void {
    if (this.#current.notKept(reason)) this.#keeping.holds(this.#partsToKeep);
    else this.#keeping.notKept(reason);
  }

  #started(match: Match, meeting: Meeting): void {
    const { identity, ticketKey } = this.#context;
    if (identity && ticketKey !== null)
      this.#keeping.seat(match, { privateKey: identity.privateKey, ticketKey, meeting });
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
