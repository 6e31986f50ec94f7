// One open TCP socket of this process: its wire counters, its first lines, and how it ends.
import { bytesText, FirstLines } from "../witness/first-lines.ts";
import type { MessageAtEnd, SocketRecord } from "../witness/socket-record.ts";
import { KeptMessages, type MessageRoom } from "./kept-messages.ts";
import {
  monotonicMs,
  type SocketClosed,
  type SocketLines,
  type SocketMessages,
  type SocketOpened,
  type SocketSaid,
} from "./message.ts";
import { type PayloadFormat, PayloadTally } from "./payload-tally.ts";
import { isUnderTls, localAddress, remoteAddress, type TcpHandle } from "./tcp-handle.ts";
import { atWork } from "./work-time.ts";

export class WatchedSocket {
  readonly number: number;
  readonly #handle: TcpHandle;
  readonly #written = new FirstLines();
  readonly #read = new FirstLines();
  #areLinesNew = false;
  #isTls = false;
  /** Something was said that is no TLS: whatever comes, that is what the connection is called. */
  #isPlainAtFirst = false;
  sawPeerEnd = false;
  /** The kernel reported that the connection is broken. */
  isBroken = false;
  bytesWritten = 0;
  bytesRead = 0;
  /** Only if payload is counted by message type. */
  readonly #payload: { written: PayloadTally; read: PayloadTally } | undefined;
  /** Also true if the connection was plain at first. */
  #hasTlsLayer = false;
  readonly #kept: KeptMessages | undefined;

  constructor(number: number, handle: TcpHandle, room: MessageRoom, format?: PayloadFormat) {
    this.number = number;
    this.#handle = handle;
    this.#kept = format?.kept && new KeptMessages(format.kept, format.separator, room);
    this.#payload = format && { written: this.#tally(format, "written"), read: this.#tally(format, "read") };
    this.#listenForFirstLines();
    this.#recogniseTls();
  }

  opened(side: SocketRecord["side"]): SocketOpened {
    const unknown = { address: "", port: 0 };
    const local = localAddress(this.#handle) ?? unknown;
    const remote = remoteAddress(this.#handle) ?? unknown;
    return { kind: "opened", number: this.number, side, local, remote, atMs: monotonicMs() };
  }

  /** Reads the counters of the handle; returns whether one of them changed. Cheap while there is no traffic. */
  count(): boolean {
    const queuedOrWritten = this.#handle.bytesWritten;
    const read = this.#handle.bytesRead;
    if (queuedOrWritten === this.bytesWritten && read === this.bytesRead) return false;
    const written = queuedOrWritten - this.#handle.writeQueueSize;
    if (written === this.bytesWritten && read === this.bytesRead) return false;
    this.bytesWritten = written;
    this.bytesRead = read;
    return true;
  }

  noteWritten(text: string): void {
    this.#written.add(text);
    this.#areLinesNew = true;
  }

  get wantsWritten(): boolean {
    return !this.#isTls && !this.#written.isFull;
  }

  /** The first lines and TLS state, which decide the flow: one message if they changed since the last call, else none. */
  newLines(): SocketLines[] {
    this.#recogniseTls();
    if (!this.#areLinesNew) return [];
    this.#areLinesNew = false;
    return [
      {
        kind: "lines",
        number: this.number,
        isTls: this.#isTls,
        firstLinesWritten: this.#written.lines(),
        firstLinesRead: this.#read.lines(),
      },
    ];
  }

  /** Undefined if the bytes are not payload: a plain socket below a TLS layer carries handshake and ciphertext. */
  payloadThrough(isTlsLayer: boolean): { written: PayloadTally; read: PayloadTally } | undefined {
    if (!this.#payload) return undefined;
    if (isTlsLayer) this.#hasTlsLayer = true;
    if (!this.#isPlainAtFirst) this.#recogniseTls();
    return isTlsLayer || !this.#isTls ? this.#payload : undefined;
  }

  /** The payload counts: one message if they changed since the last call, else none. */
  newMessages(): SocketMessages[] {
    const { number } = this;
    const payload = this.#payload;
    if (!payload || !(payload.written.isChanged || payload.read.isChanged)) return [];
    const messages = { written: payload.written.counts(), read: payload.read.counts() };
    return [{ kind: "messages", number, messages }];
  }

  /** The kept messages: one message if there are new ones, else none. */
  newKeptMessages(): SocketSaid[] {
    const taken = this.#kept?.take();
    return taken ? [{ kind: "said", number: this.number, ...taken }] : [];
  }

  closed(end: SocketRecord["end"]): SocketClosed {
    this.count();
    const { number, sawPeerEnd, bytesWritten, bytesRead } = this;
    return { kind: "closed", number, end, sawPeerEnd, bytesWritten, bytesRead, atMs: monotonicMs() };
  }

  #tally(format: PayloadFormat, direction: MessageAtEnd["direction"]): PayloadTally {
    const kept = this.#kept;
    if (!kept) return new PayloadTally(format);
    return new PayloadTally(format, {
      get isRoom() {
        return kept.hasRoom(direction);
      },
      add: (head, bytes, type) => kept.add(direction, head, bytes, type, this.#hasTlsLayer || this.#isTls),
    });
  }

  /** Wraps the read listener until the first lines are complete. */
  #listenForFirstLines(): void {
    const handle = this.#handle;
    const original = handle.onread;
    if (typeof original !== "function") return;
    const watched = this;
    function onread(this: unknown, chunk: ArrayBuffer | undefined): unknown {
      if (chunk !== undefined) atWork(() => watched.#noteRead(chunk));
      if (handle.onread === onread && (chunk === undefined || watched.#read.isFull)) handle.onread = original;
      return original.call(this, chunk);
    }
    handle.onread = onread;
  }

  #noteRead(chunk: ArrayBuffer): void {
    this.#read.add(bytesText(chunk));
    this.#areLinesNew = true;
  }

  #recogniseTls(): void {
    if (this.#isTls || this.#isPlainAtFirst) return;
    const isSilent = this.#read.isEmpty && this.#written.isEmpty;
    const isTls = isSilent ? isUnderTls(this.#handle) : this.#read.isTls || this.#written.isTls;
    this.#isPlainAtFirst = !isSilent && !isTls;
    if (!isTls) return;
    this.#isTls = true;
    this.#areLinesNew = true;
  }
}
