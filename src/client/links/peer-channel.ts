// One of the two flows between the players: connections that try to join, and the one that stands.
// A newer connection that joins replaces the older; one that fails to join never disturbs it (docs/PROTOCOL.md §7).

import type { Connection, DialHandlers } from "../../net/dial.ts";
import type { PeerFlow } from "../../net/peer-listener.ts";
import { formatError } from "../../protocol/codec.ts";
import type { Match } from "../session/match-play.ts";
import type { World } from "../world.ts";
import { PeerJoin } from "./peer-join.ts";

const JOIN_LIMIT_MS = 5_000;
/** What an honest opponent sends before it has our own `join`. */
const MAX_HELD_LINES = 2;
/** Beyond this number the oldest is closed, so that idle unauthenticated connections never keep the opponent out. */
const MAX_CANDIDATES = 16;

export interface ChannelHandlers {
  onJoined(): void;
  onLine(line: string): void;
  /** The joined connection was lost and none has replaced it. */
  onLost(): void;
  /** A connection that tried to join has closed. */
  onFailed(): void;
}

interface Candidate {
  connection: Connection | null;
  join: PeerJoin | null;
  heldLines: string[];
  stopLimit: () => void;
}

export class PeerChannel {
  readonly #flow: PeerFlow;
  readonly #world: World;
  readonly #handlers: ChannelHandlers;
  readonly #candidates = new Set<Candidate>();
  #match: Match | null = null;
  #standing: Candidate | null = null;

  constructor(flow: PeerFlow, world: World, handlers: ChannelHandlers) {
    this.#flow = flow;
    this.#world = world;
    this.#handlers = handlers;
  }

  get isJoined(): boolean {
    return this.#standing !== null;
  }

  /** The ticket is here: connections that came before it may join now. */
  open(match: Match): void {
    this.#match = match;
    for (const candidate of [...this.#candidates]) this.#greet(candidate);
  }

  send(line: string): void {
    this.#standing?.connection?.send(line);
  }

  /** Handlers for a connection that is about to join; `attach` provides the connection. */
  candidate(): { handlers: DialHandlers; attach(connection: Connection): void } {
    this.#makeRoom();
    const candidate: Candidate = { connection: null, join: null, heldLines: [], stopLimit: () => {} };
    candidate.stopLimit = this.#world.clock.after(JOIN_LIMIT_MS, () => candidate.connection?.destroy());
    this.#candidates.add(candidate);
    const handlers: DialHandlers = {
      onOpen: () => this.#greet(candidate),
      onLine: (line) => this.#read(candidate, line),
      onMalformed: () => {
        candidate.connection?.send(formatError("", "BAD_LINE"));
        candidate.connection?.end();
      },
      onClose: () => this.#closed(candidate),
    };
    return {
      handlers,
      attach: (connection) => {
        candidate.connection = connection;
      },
    };
  }

  /** Closes joined connections and destroys those that still try. */
  close(): void {
    for (const candidate of this.#candidates) {
      candidate.stopLimit();
      candidate.connection?.destroy();
    }
    this.#candidates.clear();
    const standing = this.#standing;
    this.#standing = null;
    standing?.connection?.end();
  }

  #makeRoom(): void {
    const [oldest] = this.#candidates;
    if (!oldest || this.#candidates.size < MAX_CANDIDATES) return;
    oldest.stopLimit();
    this.#candidates.delete(oldest);
    oldest.connection?.destroy();
  }

  #greet(candidate: Candidate): void {
    if (!this.#match || candidate.join || !candidate.connection) return;
    candidate.join = new PeerJoin(this.#flow, this.#match, this.#world.verify, (count) =>
      this.#world.random.bytes(count),
    );
    candidate.connection.send(candidate.join.greeting);
    for (const line of candidate.heldLines.splice(0)) this.#read(candidate, line);
  }

  #read(candidate: Candidate, line: string): void {
    if (candidate === this.#standing) {
      this.#handlers.onLine(line);
      return;
    }
    if (!this.#candidates.has(candidate)) return;
    if (!candidate.join) {
      candidate.heldLines.push(line);
      if (candidate.heldLines.length > MAX_HELD_LINES) candidate.connection?.destroy();
      return;
    }
    const step = candidate.join.receive(line);
    if (step.kind === "failed") {
      candidate.connection?.destroy();
      return;
    }
    if (step.reply !== null) candidate.connection?.send(step.reply);
    if (step.kind === "joined") this.#promote(candidate);
  }

  #promote(candidate: Candidate): void {
    candidate.stopLimit();
    this.#candidates.delete(candidate);
    const older = this.#standing;
    this.#standing = candidate;
    older?.connection?.end();
    this.#handlers.onJoined();
  }

  #closed(candidate: Candidate): void {
    candidate.stopLimit();
    if (candidate === this.#standing) {
      this.#standing = null;
      this.#handlers.onLost();
    } else if (this.#candidates.delete(candidate)) {
      this.#handlers.onFailed();
    }
  }
}
