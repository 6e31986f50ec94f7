// One socket ↔ lines: limits, back-pressure, one write per turn of the event loop. Knows no message.
import { LineReader } from "../protocol/line.ts";
import { Outbox, type Writable } from "./outbox.ts";
import { endlessTurn, sharedTurns, type Turns } from "./turns.ts";

/** What is used of a `net.Socket`; a simulation brings its own. */
export interface LineSocket extends Writable {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly destroyed: boolean;
  /** It has said `close`. */
  readonly closed?: boolean;
  /** Bytes. */
  readonly writableLength: number;
  on(event: "data", listener: (chunk: Buffer) => void): unknown;
  on(event: "drain" | "end" | "close", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  once(event: "close", listener: () => void): unknown;
  setNoDelay(noDelay: boolean): unknown;
  end(): unknown;
  destroy(): unknown;
  pause(): unknown;
  resume(): unknown;
  isPaused(): boolean;
}

export interface LineConnectionOptions {
  /** A longer line is malformed. */
  maxLineBytes: number;
  /** With more than this unsent the connection is cut. */
  maxUnsentBytes?: number;
  /** Runs `run` later, unless what it returns is called before; the machine's clock if none is handed in. */
  after?: After;
  /** Those of all connections of the program if none are handed in; endless ones on a clock of one's own. */
  turns?: Turns;
}

type After = (delayMs: number, run: () => void) => () => void;

export interface LineHandlers {
  /** While a promise is pending no further line is handed over, so that answers keep the order of their requests. */
  onLine(line: string): void | Promise<void>;
  /** The other side sent what can be no line; nothing more will be read. */
  onMalformed(): void;
  /** Once, after the last line. `error` says what broke, if anything did. */
  onClose(error: Error | null): void;
  /** Strangers wait for each other and for nobody else; whoever is none is served as it comes. */
  readonly isUnauthenticated?: boolean;
}

const DEFAULT_MAX_UNSENT_BYTES = 256 * 1024;
/** With more than this unsent, requests wait: who does not read answers gets no further ones. */
const PAUSE_UNSENT_BYTES = 64 * 1024;
/** Who has answers waiting and reads nothing for so long is cut. */
const UNREAD_LIMIT_MS = 30_000;
/** What a peer may still send while it is told goodbye; beyond it the connection is cut. */
const MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
/** A chunk that fills the read buffer means that more is there. */
const FULL_CHUNK_BYTES = 65_536;

/** The clock is looked at once in so many lines: it takes as long as a line that is soon answered. */
const LINES_A_LOOK = 4;

/** The other side does not read what it is sent. */
export class UnreadError extends Error {}

/** Wants a socket made with `allowHalfOpen`, so that a peer that ended still hears its answers. */
export class LineConnection {
  readonly #socket: LineSocket;
  readonly #reader: LineReader;
  readonly #handlers: LineHandlers;
  readonly #maxUnsentBytes: number;
  readonly #after: After;
  readonly #turns: Turns;
  readonly #outbox = new Outbox();
  #isFlushPlanned = false;
  #isBusy = false;
  #isEnding = false;
  #hasEnded = false;
  #isAwaitingTurn = false;
  #isMoreThere = false;
  #discardedBytes = 0;
  #stopUnreadLimit: (() => void) | null = null;
  #error: Error | null = null;

  constructor(socket: LineSocket, options: LineConnectionOptions, handlers: LineHandlers) {
    this.#socket = socket;
    this.#reader = new LineReader(options.maxLineBytes);
    this.#handlers = handlers;
    this.#maxUnsentBytes = options.maxUnsentBytes ?? DEFAULT_MAX_UNSENT_BYTES;
    this.#after = options.after ?? afterTimeout;
    this.#turns = options.turns ?? (options.after ? endlessTurn : sharedTurns);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("drain", () => {
      this.#isRead();
      this.#readOn();
    });
    socket.on("end", () => this.#finishWhenRead());
    socket.on("error", (error) => {
      this.#error = error;
    });
    const closed = () => {
      this.#isEnding = true;
      this.#isRead();
      this.#go(() => handlers.onClose(this.#error));
    };
    if (socket.closed) process.nextTick(closed);
    else socket.on("close", closed);
  }

  /** Address of the other end, an IPv4-mapped one as IPv4. */
  get remoteAddress(): string {
    return plainAddress(this.#socket.remoteAddress);
  }

  get remotePort(): number {
    return this.#socket.remotePort ?? 0;
  }

  /** Address of this end, an IPv4-mapped one as IPv4. */
  get localAddress(): string {
    return plainAddress(this.#socket.localAddress);
  }

  get isOpen(): boolean {
    return !this.#isEnding && !this.#socket.destroyed;
  }

  /** Queues one line. What is queued in one turn of the event loop leaves in one write, and answers with the last line read. */
  send(line: string): void {
    if (!this.isOpen) return;
    this.#outbox.add(line);
    if (this.#unsentBytes > this.#maxUnsentBytes) {
      this.destroy(new UnreadError(`${this.#unsentBytes} bytes were not read by the other side`));
    } else if (!this.#isFlushPlanned) {
      this.#isFlushPlanned = true;
      process.nextTick(() => this.#flush());
    }
  }

  /** Sends what is queued, then ends; does not wait for the other side longer than `graceMs`. */
  end(graceMs = 1_000): void {
    if (!this.isOpen) return;
    this.#flush();
    this.#isEnding = true;
    this.#socket.end();
    const stopGrace = this.#after(graceMs, () => this.#socket.destroy());
    this.#socket.once("close", stopGrace);
    this.#socket.resume();
  }

  /** Cuts the connection at once. */
  destroy(error?: Error): void {
    this.#isEnding = true;
    if (error) this.#error = error;
    this.#socket.destroy();
  }

  get #unsentBytes(): number {
    return this.#outbox.bytes + this.#socket.writableLength;
  }

  #flush(): void {
    this.#isFlushPlanned = false;
    if (this.#outbox.bytes === 0 || this.#socket.destroyed || this.#isEnding) return;
    this.#outbox.writeTo(this.#socket);
  }

  #take(chunk: Buffer): void {
    this.#isMoreThere = chunk.length >= FULL_CHUNK_BYTES;
    if (!this.#isEnding) {
      this.#reader.push(chunk);
      // Who sends that much waits from the first line on: many of them would else take a slice each.
      if (this.#isMoreThere) this.#awaitTurn();
      else this.#readInTurn();
      return;
    }
    this.#discardedBytes += chunk.length;
    if (this.#discardedBytes > MAX_DISCARDED_BYTES) this.#socket.destroy();
    else if (this.#isMoreThere) this.#awaitTurn();
  }

  #readInTurn(): void {
    let hasRead = false;
    const read = () => {
      hasRead = true;
      this.#readOn();
    };
    if (this.#handlers.isUnauthenticated) this.#turns.read(read);
    else read();
    // Nothing more comes before this is read.
    if (!hasRead) this.#socket.pause();
  }

  #go(end: () => void): void {
    if (this.#handlers.isUnauthenticated) this.#turns.comeOrGo(end);
    else end();
  }

  /** Hands lines over until there are none, one is being worked on, the turn is over, or too much is unread. */
  #readOn(): void {
    const startMs = this.#turns.nowMs();
    // Answers wait for the last line, not for the end of the turn.
    this.#isFlushPlanned = true;
    for (let lines = 1; this.#mayReadOn; lines += 1) {
      const read = this.#reader.next();
      if (read.kind === "malformed") this.#handlers.onMalformed();
      else if (read.kind === "incomplete") this.#awaitMore();
      if (read.kind !== "line") break;
      this.#handOver(read.line);
      if (lines % LINES_A_LOOK === 0 && this.#turns.isOver(startMs)) this.#awaitTurn();
    }
    this.#flush();
  }

  get #mayReadOn(): boolean {
    return !this.#isBusy && !this.#isAwaitingTurn && !this.#isEnding && !this.#isTooMuchUnread();
  }

  /** Requests wait while their answers are not read, and not for ever. */
  #isTooMuchUnread(): boolean {
    if (this.#unsentBytes > PAUSE_UNSENT_BYTES) this.#flush();
    if (this.#unsentBytes <= PAUSE_UNSENT_BYTES) return false;
    this.#socket.pause();
    this.#stopUnreadLimit ??= this.#after(UNREAD_LIMIT_MS, () =>
      this.destroy(new UnreadError(`answers were not read for ${UNREAD_LIMIT_MS / 1_000} s`)),
    );
    return true;
  }

  #isRead(): void {
    this.#stopUnreadLimit?.();
    this.#stopUnreadLimit = null;
  }

  #awaitTurn(): void {
    if (this.#isAwaitingTurn) return;
    this.#isAwaitingTurn = true;
    this.#isMoreThere = false;
    this.#socket.pause();
    this.#turns.await(() => {
      this.#isAwaitingTurn = false;
      if (this.#isEnding) this.#socket.resume();
      else this.#readOn();
    });
  }

  #handOver(line: string): void {
    let pending: void | Promise<void>;
    try {
      pending = this.#handlers.onLine(line);
    } catch (bug) {
      this.#fail(bug);
      return;
    }
    if (!(pending instanceof Promise)) return;
    this.#isBusy = true;
    this.#socket.pause();
    pending
      .catch((bug: unknown) => this.#fail(bug))
      .finally(() => {
        this.#isBusy = false;
        this.#readOn();
      });
  }

  /** A bug behind one line costs that connection, not the process and everybody else's. */
  #fail(bug: unknown): void {
    const error = bug instanceof Error ? bug : new Error(String(bug));
    process.emitWarning(error);
    this.destroy(error);
  }

  #awaitMore(): void {
    if (this.#hasEnded) this.end();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #finishWhenRead(): void {
    this.#hasEnded = true;
    this.#go(() => this.#readOn());
  }
}

function afterTimeout(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** An IPv4-mapped address as IPv4. */
export function plainAddress(address: string | undefined): string {
  return (address ?? "").replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
