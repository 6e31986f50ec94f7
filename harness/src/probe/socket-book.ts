// Tracks all open TCP sockets of this process, whatever created them, and reports what happens to each. The taps call it.
import type { SocketRecord } from "../witness/socket-record.ts";
import { MessageRoom } from "./kept-messages.ts";
import { monotonicMs, type ProbeMessage, type SocketCounted } from "./message.ts";
import type { PayloadFormat } from "./payload-tally.ts";
import { type TcpHandle, tcpHandlePrototype } from "./tcp-handle.ts";
import { WatchedSocket } from "./watched-socket.ts";

export class SocketBook {
  readonly handlePrototype = tcpHandlePrototype();
  readonly #report: (message: ProbeMessage) => void;
  readonly #format: PayloadFormat | undefined;
  readonly #sockets = new Map<TcpHandle, WatchedSocket>();
  readonly #dialling = new WeakSet<TcpHandle>();
  readonly #ended = new WeakSet<TcpHandle>();
  readonly #room = new MessageRoom();
  #lastNumber: number;

  /** With a format, payload is counted by message type. The first socket has the number after `lastNumber`. */
  constructor(report: (message: ProbeMessage) => void, lastNumber: number, format?: PayloadFormat) {
    this.#report = report;
    this.#lastNumber = lastNumber;
    this.#format = format;
  }

  get size(): number {
    return this.#sockets.size;
  }

  /** A socket by its handle, also one without any event, for example one handed over by another process. */
  find(handle: TcpHandle | undefined): WatchedSocket | undefined {
    if (handle === undefined) return undefined;
    const known = this.#sockets.get(handle);
    if (known !== undefined || Object.getPrototypeOf(handle) !== this.handlePrototype) return known;
    const isConnected = handle.getpeername({}) === 0;
    return isConnected ? this.#open(handle) : undefined;
  }

  /** The handle starts to connect; `find` registers it when it is connected. */
  noteDialling(handle: TcpHandle): void {
    this.#dialling.add(handle);
  }

  /** The program has ended its side, perhaps before the socket was connected. */
  noteEnded(handle: TcpHandle | undefined): void {
    if (handle !== undefined) this.#ended.add(handle);
  }

  /** The handle is about to close, so its counters are final. */
  close(handle: TcpHandle, isReset: boolean): void {
    // Listeners also close, and so do connections that are only handed over.
    const isUsed = this.#sockets.has(handle) || handle.bytesRead > 0 || handle.bytesWritten > 0;
    const socket = isUsed ? this.find(handle) : undefined;
    if (socket === undefined) return;
    for (const message of finalMessages(socket, isReset || socket.isBroken ? "reset" : "fin"))
      this.#report(message);
    this.#sockets.delete(handle);
  }

  /** The counters and first lines that changed since the last call. */
  sample(): ProbeMessage[] {
    const counted: SocketCounted = { kind: "counted", atMs: monotonicMs(), counts: [] };
    const messages: ProbeMessage[] = [];
    for (const socket of this.#sockets.values()) {
      messages.push(...socket.newMessages(), ...socket.newKeptMessages());
      if (!socket.count()) continue;
      counted.counts.push([socket.number, socket.bytesWritten, socket.bytesRead]);
      messages.push(...socket.newLines());
    }
    if (counted.counts.length > 0) messages.push(counted);
    return messages;
  }

  /**
   * The process ends, and the kernel closes open sockets: in order if the program had ended and sent everything. If the
   * process continues after all, later reports replace these.
   */
  finish(): ProbeMessage[] {
    const messages: ProbeMessage[] = [];
    for (const [handle, socket] of this.#sockets) {
      const isAllSent = this.#ended.has(handle) && handle.writeQueueSize === 0;
      messages.push(...finalMessages(socket, isAllSent ? "fin" : "killed"));
    }
    return messages;
  }

  #open(handle: TcpHandle): WatchedSocket {
    this.#lastNumber += 1;
    const socket = new WatchedSocket(this.#lastNumber, handle, this.#room, this.#format);
    this.#sockets.set(handle, socket);
    this.#report(socket.opened(this.#dialling.has(handle) ? "dialer" : "acceptor"));
    return socket;
  }
}

function finalMessages(socket: WatchedSocket, end: SocketRecord["end"]): ProbeMessage[] {
  return [...socket.newLines(), ...socket.newMessages(), ...socket.newKeptMessages(), socket.closed(end)];
}
