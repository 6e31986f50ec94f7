// A complete client without a prompt: connects the session with its links to server and opponent.
import type { Command, CommandName } from "./commands.ts";
import { PeerLink } from "./links/peer-link.ts";
import type { ServerAddress } from "./links/server-connection.ts";
import { ServerLink } from "./links/server-link.ts";
import type { AnnouncedAddress, Effect, SessionEvent } from "./session/event.ts";
import { type Kept, type KeptMatch, nothingKept } from "./session/kept.ts";
import { type Match, matchIdOf } from "./session/match-play.ts";
import type { Notice } from "./session/notice.ts";
import { Session } from "./session.ts";
import type { Keeper, World } from "./world.ts";

/** How long a lost server or opponent is tried again (docs/PROTOCOL.md §6, §7). */
const PATIENCE_MS = 180_000;

export interface ClientOptions {
  server: ServerAddress;
  /** The other servers of the game, tried in turn when that one is lost. */
  otherServers?: readonly ServerAddress[] | undefined;
  /** Where to listen for an opponent; 0 takes a free port. */
  gamePort: number;
  pingPort: number;
  announced?: AnnouncedAddress | undefined;
  serverPatienceMs?: number | undefined;
  peerPatienceMs?: number | undefined;
  /** Without one, nothing is saved. */
  keeper?: Keeper;
}

export interface ClientHandlers {
  onNotice(notice: Notice): void;
  /** Called after each event: the phase or the question may have changed. */
  onChange(): void;
  /** No server was reached at the start. */
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
  #matchId: string | null = null;
  #isLeaving = false;

  constructor(world: World, options: ClientOptions, handlers: ClientHandlers) {
    this.#world = world;
    this.#options = options;
    this.#handlers = handlers;
    const { host, port } = options.server;
    this.#session = new Session(`${host}:${port}`, world);
    const serverPatienceMs = options.serverPatienceMs ?? PATIENCE_MS;
    this.#server = new ServerLink(
      world,
      [options.server, ...(options.otherServers ?? [])],
      serverPatienceMs,
      {
        onConnected: () => this.#handle({ kind: "connected" }),
        onUnreachable: (reason) => handlers.onUnreachable(reason),
        onLost: (isReplaced) => this.#handle({ kind: "lost", isReplaced }),
        onGivenUp: () => this.#handle({ kind: "given-up", seconds: serverPatienceMs / 1_000 }),
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
      },
    );
  }

  get session(): Pick<Session, "phase" | "user" | "match" | "question" | "isWaiting" | "refusalOf"> {
    return this.#session;
  }

  /** `kept` is what an earlier client left. A match that is on does not wait for the server. */
  start(kept: Kept = nothingKept): void {
    if (kept !== nothingKept) this.#handle({ kind: "restored", kept });
    this.#server.start(kept.matches.length > 0);
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
    this.#options.keeper?.release();
    await this.#server.leave();
  }

  #handle(event: SessionEvent): void {
    if (this.#isLeaving) return;
    this.#process(event);
    this.#handlers.onChange();
  }

  #process(event: SessionEvent): void {
    for (const effect of this.#session.handle(event)) this.#perform(effect);
  }

  #say(notice: Notice): void {
    if (!this.#isLeaving) this.#handlers.onNotice(notice);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "keep":
        this.#keep(effect.kept);
        break;
      case "recall":
        this.#recall(effect.user);
        break;
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
      case "await-peer-again":
        this.#openPeer().listenAgain(effect.gamePort, effect.pingPort, (reason) =>
          this.#say({ kind: "cannot-listen-again", reason }),
        );
        this.#meet(effect.match, null);
        break;
      case "stop-listening":
        this.#closePeer();
        break;
      case "leave-peer":
        if (this.#matchId === effect.matchId) this.#closePeer();
        break;
      case "await-peer":
        this.#meet(effect.match, null);
        break;
      case "dial-peer":
        this.#openPeer();
        this.#meet(effect.match, effect);
        break;
      case "send-to-peer":
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

  #keep(kept: Kept): void {
    try {
      this.#options.keeper?.keep(kept);
    } catch (error) {
      this.#process({ kind: "not-kept", reason: (error as Error).message });
      return;
    }
    this.#process({ kind: "kept" });
  }

  #recall(user: string): void {
    let matches: readonly KeptMatch[] = [];
    try {
      matches = this.#options.keeper?.recall(user) ?? [];
    } catch (error) {
      this.#process({ kind: "not-kept", reason: (error as Error).message });
    }
    if (matches.length > 0) this.#process({ kind: "recalled", matches });
  }

  /** Opens the link for one match and closes the previous one. */
  #openPeer(): PeerLink {
    this.#closePeer();
    const patienceMs = this.#options.peerPatienceMs ?? PATIENCE_MS;
    const seconds = patienceMs / 1_000;
    const inMatch = (eventOf: (matchId: string) => SessionEvent) => {
      if (this.#peer === peer && this.#matchId !== null) this.#handle(eventOf(this.#matchId));
    };
    const peer: PeerLink = new PeerLink(this.#world, patienceMs, {
      onJoined: () => inMatch((matchId) => ({ kind: "peer-joined", matchId })),
      onLost: () => inMatch((matchId) => ({ kind: "peer-lost", matchId })),
      onGone: () => inMatch((matchId) => ({ kind: "peer-gone", matchId, seconds })),
      onMessage: (message) => inMatch((matchId) => ({ kind: "peer-said", matchId, message })),
      onDelay: (delayMs) => inMatch((matchId) => ({ kind: "delay-measured", matchId, delayMs })),
    });
    this.#peer = peer;
    return peer;
  }

  #listen(): void {
    const peer = this.#openPeer();
    const { gamePort, pingPort, announced } = this.#options;
    const mine = (event: SessionEvent) => {
      if (this.#peer === peer) this.#handle(event);
    };
    peer.listen(gamePort, pingPort).then(
      (listener) =>
        mine({
          kind: "listening",
          gamePort: listener.gamePort,
          pingPort: listener.pingPort,
          announced,
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
    this.#matchId = null;
  }
}
