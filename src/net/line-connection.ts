// A socket ↔ lines: limits, back-pressure, one write per turn of the event loop. Knows no message.
import { LineReader } from "../protocol/line.ts";
import { fairScheduler, type Scheduler, unlimitedScheduler } from "./fair-scheduler.ts";
import { Outbox, type Writable } from "./outbox.ts";

/** The part of `net.Socket` that is used; a simulation has its own sockets. */
export interface LineSocket extends Writable {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly destroyed: boolean;
  /** `close` was emitted. */
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
  /** With more than this unsent the connection is closed. */
  maxUnsentBytes?: number;
  /** Runs `run` later, unless the returned function is called before. Default: `setTimeout`. */
  after?: After;
  /** Default: the one that all connections of the program share; with `after`, one that never limits. */
  scheduler?: Scheduler;
}

type After = (delayMs: number, run: () => void) => () => void;

export interface LineHandlers {
  /** While the returned promise is pending no further line is handled, so answers keep the order of their requests. */
  onLine(line: string): void | Promise<void>;
  /** The peer sent what cannot be a line; nothing more will be read. */
  onMalformed(): void;
  /** Called once, after the last line. `error` says what failed, if anything did. */
  onClose(error: Error | null): void;
  /** Nobody is logged in: this connection shares its time slices with all others of that kind. */
  readonly isUnauthenticated?: boolean;
}

const DEFAULT_MAX_UNSENT_BYTES = 256 * 1024;
/** With more than this unsent, requests wait: a peer that does not read answers gets no further ones. */
const PAUSE_UNSENT_BYTES = 64 * 1024;
/** A peer that has answers waiting and reads nothing for this long is disconnected. */
const UNREAD_LIMIT_MS = 30_000;
/** How much a peer may still send after we ended the connection; beyond it the connection is closed at once. */
const MAX_DISCARDED_BYTES = 4 * 1024 * 1024;
/** A chunk that fills the read buffer means that more is waiting. */
const FULL_CHUNK_BYTES = 65_536;
/** Reading the clock takes as long as a cheap line, so it is read once in this many lines. */
const LINES_PER_CLOCK_READING = 4;

/** The peer does not read what it is sent. */
export class UnreadError extends Error {}

/**
 * What happens to input:
 *   handling   complete lines are handed to `onLine`, one after another
 *   answering  the promise of one line is pending; the socket is paused
 *   yielded    the time slice is used up; the socket is paused until the scheduler resumes this connection
 * In every state, `#isEnding` means that this side has ended: further input is discarded.
 */
type InputState = "handling" | "answering" | "yielded";

/** Needs a socket made with `allowHalfOpen`, so that a peer that has ended still receives its answers. */
export class LineConnection {
  readonly #socket: LineSocket;
  readonly #reader: LineReader;
  readonly #handlers: LineHandlers;
  readonly #maxUnsentBytes: number;
  readonly #after: After;
  readonly #scheduler: Scheduler;
  readonly #outbox = new Outbox();
  #input: InputState = "handling";
  #isFlushPlanned = false;
  #isEnding = false;
  #hasPeerEnded = false;
  #discardedBytes = 0;
  #stopUnreadLimit: (() => void) | null = null;
  #error: Error | null = null;

  constructor(socket: LineSocket, options: LineConnectionOptions, handlers: LineHandlers) {
    this.#socket = socket;
    this.#reader = new LineReader(options.maxLineBytes);
    this.#handlers = handlers;
    this.#maxUnsentBytes = options.maxUnsentBytes ?? DEFAULT_MAX_UNSENT_BYTES;
    this.#after = options.after ?? afterTimeout;
    this.#scheduler = options.scheduler ?? (options.after ? unlimitedScheduler : fairScheduler);
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#receive(chunk));
    socket.on("drain", () => {
      this.#clearUnreadLimit();
      this.#handleLines();
    });
    socket.on("end", () => this.#receiveEnd());
    socket.on("error", (error) => {
      this.#error = error;
    });
    const closed = () => {
      this.#isEnding = true;
      this.#clearUnreadLimit();
      this.#scheduleClose(() => handlers.onClose(this.#error));
    };
    if (socket.closed) process.nextTick(closed);
    else socket.on("close", closed);
  }

  /** The peer's address, an IPv4-mapped one as IPv4. */
  get remoteAddress(): string {
    return plainAddress(this.#socket.remoteAddress);
  }

  get remotePort(): number {
    return this.#socket.remotePort ?? 0;
  }

  /** This side's address, an IPv4-mapped one as IPv4. */
  get localAddress(): string {
    return plainAddress(this.#socket.localAddress);
  }

  get isOpen(): boolean {
    return !this.#isEnding && !this.#socket.destroyed;
  }

  /** Queues one line. What is queued in one turn of the event loop is sent in one write, answers with the last line read. */
  send(line: string): void {
    if (!this.isOpen) return;
    this.#outbox.add(line);
    if (this.#unsentBytes > this.#maxUnsentBytes) {
      this.destroy(new UnreadError(`${this.#unsentBytes} bytes were not read by the peer`));
    } else if (!this.#isFlushPlanned) {
      this.#isFlushPlanned = true;
      process.nextTick(() => this.#flush());
    }
  }

  /** Sends what is queued, then ends. The peer has `graceMs` to end too. */
  end(graceMs = 1_000): void {
    if (!this.isOpen) return;
    this.#flush();
    this.#isEnding = true;
    this.#socket.end();
    const stopGrace = this.#after(graceMs, () => this.#socket.destroy());
    this.#socket.once("close", stopGrace);
    this.#socket.resume();
  }

  /** Closes the connection at once; what is queued is lost. */
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

  #receive(chunk: Buffer): void {
    const isFlood = chunk.length >= FULL_CHUNK_BYTES;
    if (this.#isEnding) {
      this.#discardedBytes += chunk.length;
      if (this.#discardedBytes > MAX_DISCARDED_BYTES) this.#socket.destroy();
      else if (isFlood) this.#yield();
      return;
    }
    this.#reader.push(chunk);
    // A flood waits from its first line on: otherwise each of many floods would begin with a slice of its own.
    if (isFlood) this.#yield();
    else this.#scheduleInput();
  }

  #scheduleInput(): void {
    if (!this.#handlers.isUnauthenticated) {
      this.#handleLines();
      return;
    }
    let hasRun = false;
    this.#scheduler.scheduleInput(() => {
      hasRun = true;
      this.#handleLines();
    });
    // No further chunk may arrive before this one is handled.
    if (!hasRun) this.#socket.pause();
  }

  #scheduleClose(close: () => void): void {
    if (this.#handlers.isUnauthenticated) this.#scheduler.scheduleOpenOrClose(close);
    else close();
  }

  /** Handles lines until there are none, one is being answered, the slice is over, or too much is unsent. */
  #handleLines(): void {
    const startMs = this.#scheduler.nowMs();
    // Answers wait for the last line, not for the end of the turn.
    this.#isFlushPlanned = true;
    for (let lines = 1; this.#mayHandleLine; lines += 1) {
      const read = this.#reader.next();
      if (read.kind === "malformed") this.#handlers.onMalformed();
      else if (read.kind === "incomplete") this.#awaitInput();
      if (read.kind !== "line") break;
      this.#handleLine(read.line);
      const isClockDue = lines % LINES_PER_CLOCK_READING === 0 && this.#input === "handling";
      if (isClockDue && this.#scheduler.isSliceOver(startMs)) this.#yield();
    }
    this.#flush();
  }

  get #mayHandleLine(): boolean {
    return this.#input === "handling" && !this.#isEnding && !this.#isTooMuchUnsent();
  }

  /** Requests wait while their answers are not read, but not forever. */
  #isTooMuchUnsent(): boolean {
    if (this.#unsentBytes > PAUSE_UNSENT_BYTES) this.#flush();
    if (this.#unsentBytes <= PAUSE_UNSENT_BYTES) return false;
    this.#socket.pause();
    this.#stopUnreadLimit ??= this.#after(UNREAD_LIMIT_MS, () =>
      this.destroy(new UnreadError(`answers were not read for ${UNREAD_LIMIT_MS / 1_000} s`)),
    );
    return true;
  }

  #clearUnreadLimit(): void {
    this.#stopUnreadLimit?.();
    this.#stopUnreadLimit = null;
  }

  #yield(): void {
    if (this.#input === "yielded") return;
    this.#input = "yielded";
    this.#socket.pause();
    this.#scheduler.yield(() => {
      this.#input = "handling";
      if (this.#isEnding) this.#socket.resume();
      else this.#handleLines();
    });
  }

  #handleLine(line: string): void {
    let pending: void | Promise<void>;
    try {
      pending = this.#handlers.onLine(line);
    } catch (bug) {
      this.#fail(bug);
      return;
    }
    if (!(pending instanceof Promise)) return;
    this.#input = "answering";
    this.#socket.pause();
    const { turn } = this.#scheduler;
    pending
      .catch((bug: unknown) => this.#fail(bug))
      .finally(() => {
        this.#input = "handling";
        // Within one turn, a flood of such lines would go on without end, each with a new slice.
        if (this.#scheduler.turn === turn) this.#yield();
        else this.#handleLines();
      });
  }

  /** A bug in the handling of one line closes that connection, and no other. */
  #fail(bug: unknown): void {
    const error = bug instanceof Error ? bug : new Error(String(bug));
    process.emitWarning(error);
    this.destroy(error);
  }

  #awaitInput(): void {
    if (this.#hasPeerEnded) this.end();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  #receiveEnd(): void {
    this.#hasPeerEnded = true;
    this.#scheduleClose(() => this.#handleLines());
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
