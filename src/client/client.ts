// A whole client without a prompt: the session, its links to server and opponent, and what joins them.
import type { Command, CommandName } from "./command.ts";
import { PeerLink } from "./links/peer-link.ts";
import type { ServerAddress } from "./links/server-connection.ts";
import { ServerLink } from "./links/server-link.ts";
import type { Effect, SessionEvent } from "./session/event.ts";
import { type Match, matchIdOf } from "./session/match-play.ts";
import type { Notice } from "./session/notice.ts";
import { Session } from "./session.ts";
import type { World } from "./world.ts";

export interface ClientOptions {
  server: ServerAddress;
  /** Where to listen for an opponent; 0 takes a free port. */
  gamePort: number;
  pingPort: number;
  /** What the opponent is told to dial instead of what the server and the listener know. */
  announced?: { host: string; gamePort?: number; pingPort?: number };
}

export interface ClientHandlers {
  onNotice(notice: Notice): void;
  /** After everything that happened: the phase or a question may be another. */
  onChange(): void;
  /** There is no server to begin with. */
  onUnreachable(reason: string): void;
}

export class Client {
  readonly #world: World;
  readonly #options: ClientOptions;
  readonly #handlers: ClientHandlers;
  readonly #session: Session;
  readonly #server: ServerLink;
  readonly #stopTimers = new Set<() => void>();
  #peer: PeerLink | null = null;
  /** Of the match that `#peer` is for, once it is known. */
  #matchId = "";
  #isLeaving = false;

  constructor(world: World, options: ClientOptions, handlers: ClientHandlers) {
    this.#world = world;
    this.#options = options;
    this.#handlers = handlers;
    const { host, port } = options.server;
    this.#session = new Session(`${host}:${port}`, world);
    this.#server = new ServerLink(world, options.server, {
      onConnected: () => this.#handle({ kind: "connected" }),
      onUnreachable: (reason) => handlers.onUnreachable(reason),
      onLost: (isReplaced) => this.#handle({ kind: "lost", isReplaced }),
      onGivenUp: () => this.#handle({ kind: "given-up" }),
      onMessage: (message) => this.#handle({ kind: "server-said", message }),
      onSecureOutcome: (request, outcome) =>
        this.#handle(
          outcome?.ok
            ? {
                kind: "securely-answered",
                request,
                answer: outcome.answer,
                ticketKey: outcome.ticketKey,
              }
            : { kind: "not-answered", request, notice: outcome?.notice ?? null },
        ),
      say: (notice) => this.#say(notice),
    });
  }

  get session(): Pick<Session, "phase" | "user" | "match" | "question" | "isWaiting" | "refusalOf"> {
    return this.#session;
  }

  start(): void {
    this.#server.connect();
  }

  run(command: Command): void {
    this.#handle({ kind: "command", command });
  }

  refusalOf(name: CommandName) {
    return this.#session.refusalOf(name);
  }

  /** Says goodbye: to the server, and to an opponent by closing the links. */
  async leave(): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    for (const stop of this.#stopTimers) stop();
    this.#peer?.close();
    await this.#server.leave();
  }

  #handle(event: SessionEvent): void {
    if (this.#isLeaving) return;
    for (const effect of this.#session.handle(event)) this.#perform(effect);
    this.#handlers.onChange();
  }

  #say(notice: Notice): void {
    if (!this.#isLeaving) this.#handlers.onNotice(notice);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "say":
        this.#say(effect.notice);
        break;
      case "send":
        this.#server.send(effect.message);
        break;
      case "ask-securely":
        this.#server.ask(effect.request);
        break;
      case "reconnect":
        this.#server.connect();
        break;
      case "listen":
        this.#listen();
        break;
      case "stop-listening":
      case "leave-peer":
        this.#closePeer();
        break;
      case "await-peer":
        this.#meet(effect.match, null);
        break;
      case "dial-peer":
        this.#closePeer();
        this.#peer = this.#newPeer();
        this.#meet(effect.match, effect);
        break;
      case "tell-peer":
        this.#peer?.send(effect.message);
        break;
      case "correct-peer":
        this.#peer?.correct(effect.code);
        break;
      case "start-timer":
        this.#startTimer(effect.id, effect.delayMs);
        break;
    }
  }

  #startTimer(id: number, delayMs: number): void {
    const stop = this.#world.clock.after(delayMs, () => {
      this.#stopTimers.delete(stop);
      this.#handle({ kind: "timer", id });
    });
    this.#stopTimers.add(stop);
  }

  #newPeer(): PeerLink {
    const mine = (event: SessionEvent) => {
      if (this.#peer === peer) this.#handle(event);
    };
    const peer: PeerLink = new PeerLink(this.#world, {
      onJoined: () => mine({ kind: "peer-joined", matchId: this.#matchId }),
      onLost: () => mine({ kind: "peer-lost", matchId: this.#matchId }),
      onGone: () => mine({ kind: "peer-gone", matchId: this.#matchId }),
      onMessage: (message) => mine({ kind: "peer-said", matchId: this.#matchId, message }),
      onDelay: (delayMs) => mine({ kind: "delay-measured", matchId: this.#matchId, delayMs }),
    });
    return peer;
  }

  #listen(): void {
    this.#closePeer();
    const peer = this.#newPeer();
    this.#peer = peer;
    const { gamePort, pingPort, announced } = this.#options;
    const mine = (event: SessionEvent) => {
      if (this.#peer === peer) this.#handle(event);
    };
    peer.listen(gamePort, pingPort).then(
      (listener) =>
        mine({
          kind: "listening",
          gamePort: announced?.gamePort ?? listener.gamePort,
          pingPort: announced?.pingPort ?? listener.pingPort,
          ...(announced ? { announcedHost: announced.host } : {}),
        }),
      (error: Error) => mine({ kind: "cannot-listen", reason: error.message }),
    );
  }

  #meet(match: Match, address: { host: string; gamePort: number; pingPort: number } | null): void {
    this.#matchId = matchIdOf(match);
    this.#peer?.meet(match, address);
  }

  #closePeer(): void {
    this.#peer?.close();
    this.#peer = null;
    this.#matchId = "";
  }
}
