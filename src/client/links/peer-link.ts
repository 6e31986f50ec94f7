// The two connections to the opponent of one match (docs/PROTOCOL.md §7): the invitee listens, the inviter dials and
// dials again. What is said on them about the match goes to the session.

import { PEER_KEEP_ALIVE_MS, type PeerFlow, type PeerListener } from "../../net/peer-listener.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import { MAX_LINE_BYTES } from "../../protocol/line.ts";
import { game } from "../../protocol/messages.ts";
import type { PlayErrorCode, PlayMessage } from "../session/event.ts";
import type { Match } from "../session/match-play.ts";
import type { World } from "../world.ts";
import { Backoff } from "./backoff.ts";
import { DelayProbe } from "./delay-probe.ts";
import { PeerChannel } from "./peer-channel.ts";

/** After this time without a link, the user is told. */
const MEETING_MS = 5_000;
const DIAL_TIMEOUT_MS = 5_000;
const LISTEN_AGAIN_MS = 1_000;

export interface PeerLinkHandlers {
  onJoined(): void;
  onLost(): void;
  onGone(): void;
  onMessage(message: PlayMessage): void;
  onDelay(delayMs: number): void;
}

export interface PeerAddress {
  host: string;
  gamePort: number;
  pingPort: number;
}

export class PeerLink {
  readonly #world: World;
  readonly #patienceMs: number;
  readonly #handlers: PeerLinkHandlers;
  readonly #channels: Record<PeerFlow, PeerChannel>;
  readonly #backoffs: Record<PeerFlow, Backoff>;
  readonly #probe: DelayProbe;
  #address: PeerAddress | null = null;
  #listener: PeerListener | null = null;
  #isClosed = false;
  #stopTimers: (() => void)[] = [];

  /** Both try to meet for `patienceMs`; then the match counts as broken off. */
  constructor(world: World, patienceMs: number, handlers: PeerLinkHandlers) {
    this.#world = world;
    this.#patienceMs = patienceMs;
    this.#handlers = handlers;
    const ping = this.#channel("ping", {
      onJoined: () => this.#probe.start(),
      onLine: (line) => this.#probe.receive(line),
      onLost: () => this.#probe.stop(),
    });
    const game = this.#channel("game", {
      onJoined: () => this.#gameJoined(),
      onLine: (line) => this.#read(line),
      onLost: () => this.#gameLost(),
    });
    this.#channels = { game, ping };
    const backoff = () => new Backoff(world.clock, world.random, patienceMs);
    this.#backoffs = { game: backoff(), ping: backoff() };
    this.#probe = new DelayProbe(world.clock, (line) => ping.send(line), handlers.onDelay);
  }

  /** Takes connections from now on; they join once `meet` has the match. Rejects when a port is not available. */
  async listen(gamePort: number, pingPort: number): Promise<PeerListener> {
    const listener = await this.#world.network.listenForPeer({
      gamePort,
      pingPort,
      maxLineBytes: MAX_LINE_BYTES,
      onConnection: (flow, connection) => {
        const { handlers, attach } = this.#channels[flow].candidate();
        attach(connection);
        queueMicrotask(() => handlers.onOpen());
        return handlers;
      },
    });
    if (this.#isClosed) listener.close();
    this.#listener = listener;
    return listener;
  }

  /** The same on ports that the opponent knows from before; another process may still release them. */
  listenAgain(gamePort: number, pingPort: number, onTrouble: (reason: string) => void): void {
    if (this.#isClosed) return;
    this.listen(gamePort, pingPort).catch((error: Error) => {
      onTrouble(error.message);
      this.#after(LISTEN_AGAIN_MS, () => this.listenAgain(gamePort, pingPort, () => {}));
    });
  }

  /** The match is known; with an address, this is the side that dials. */
  meet(match: Match, address: PeerAddress | null): void {
    this.#address = address;
    this.#channels.game.open(match);
    this.#channels.ping.open(match);
    this.#gameMissing();
    if (!address) return;
    this.#dial("game");
    this.#dial("ping");
  }

  send(message: PlayMessage): void {
    this.#channels.game.send(formatMessage(game, message));
  }

  correct(code: PlayErrorCode): void {
    this.#channels.game.send(formatError("", code));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const stop of this.#stopTimers) stop();
    this.#probe.stop();
    this.#listener?.close();
    this.#channels.game.close();
    this.#channels.ping.close();
  }

  #channel(
    flow: PeerFlow,
    handlers: { onJoined(): void; onLine(line: string): void; onLost(): void },
  ): PeerChannel {
    return new PeerChannel(flow, this.#world, {
      onJoined: () => {
        this.#backoffs[flow].reset();
        handlers.onJoined();
      },
      onLine: handlers.onLine,
      onLost: () => {
        if (this.#isClosed) return;
        handlers.onLost();
        this.#dialAgain(flow);
      },
      onFailed: () => this.#dialAgain(flow),
    });
  }

  #dial(flow: PeerFlow): void {
    if (this.#isClosed || !this.#address) return;
    const { host, gamePort, pingPort } = this.#address;
    const port = flow === "game" ? gamePort : pingPort;
    const { handlers, attach } = this.#channels[flow].candidate();
    const options = {
      host,
      port,
      maxLineBytes: MAX_LINE_BYTES,
      timeoutMs: DIAL_TIMEOUT_MS,
      keepAliveMs: PEER_KEEP_ALIVE_MS,
    };
    attach(this.#world.network.dial(options, handlers));
  }

  #dialAgain(flow: PeerFlow): void {
    if (this.#isClosed || !this.#address || this.#channels[flow].isJoined) return;
    const waitMs = this.#backoffs[flow].nextWaitMs();
    if (waitMs !== null) this.#after(waitMs, () => this.#dial(flow));
  }

  #gameJoined(): void {
    this.#stopMeetingTimers();
    this.#handlers.onJoined();
  }

  #gameLost(): void {
    this.#handlers.onLost();
    this.#gameMissing();
  }

  #stopMeetingTimers: () => void = () => {};

  #gameMissing(): void {
    const stopLate = this.#after(MEETING_MS, () => this.#handlers.onLost());
    const stopGone = this.#after(this.#patienceMs, () => this.#handlers.onGone());
    this.#stopMeetingTimers = () => {
      stopLate();
      stopGone();
    };
  }

  #after(delayMs: number, run: () => void): () => void {
    const stop = this.#world.clock.after(delayMs, () => {
      this.#stopTimers = this.#stopTimers.filter((each) => each !== stop);
      run();
    });
    this.#stopTimers.push(stop);
    return stop;
  }

  #read(line: string): void {
    const parsed = parseMessage(game, line);
    if (!parsed.ok) {
      if (parsed.code === "IGNORED") return;
      const request = parsed.code === "WRONG_CONNECTION" ? parsed.name : "";
      this.#channels.game.send(formatError(request, parsed.code));
      return;
    }
    const { message } = parsed;
    if (message.name === "play" || message.name === "end" || message.name === "have") {
      this.#handlers.onMessage(message);
    } else {
      this.correct("BAD_ARGUMENTS");
    }
  }
}
