// Sees every TCP socket of this process from its first moment to its last, whoever made it, and tells what happens.
// It steps in at the few points that all of them pass: the handle's connect, close and reset, and four of net.Socket.
import { subscribe } from "node:diagnostics_channel";
import { beginningOf } from "./first-lines.ts";
import type { ProbeMessage, SocketCounted } from "./message.ts";
import { monotonicMs } from "./message.ts";
import type { ProbeRecord } from "./record.ts";
import { replaceMethod } from "./replace-method.ts";
import {
  type InnerSocket,
  socketInternals,
  type TcpHandle,
  tcpHandlePrototype,
  wireHandle,
} from "./tcp-handle.ts";
import { WatchedSocket } from "./watched-socket.ts";

export interface SocketWatch {
  /** What changed since the last call: new first lines, and counters. */
  sample(): ProbeMessage[];
  /** The process ends: what becomes of the sockets that are still open. */
  finish(): ProbeMessage[];
  readonly size: number;
}

export function watchSockets(tell: (message: ProbeMessage) => void): SocketWatch {
  const prototype = tcpHandlePrototype();
  const watched = new Map<TcpHandle, WatchedSocket>();
  const dialling = new WeakSet<TcpHandle>();
  /** The program has said all it will say, perhaps before it was connected. */
  const ended = new WeakSet<TcpHandle>();
  let lastNumber = 0;

  function open(handle: TcpHandle, side: ProbeRecord["side"]): WatchedSocket {
    lastNumber += 1;
    const socket = new WatchedSocket(lastNumber, handle);
    watched.set(handle, socket);
    tell(socket.opened(side));
    return socket;
  }

  /** Finds a socket, also one that no event announced, e.g. inherited from another process. */
  function find(handle: TcpHandle | undefined): WatchedSocket | undefined {
    if (handle === undefined) return undefined;
    const known = watched.get(handle);
    if (known !== undefined || Object.getPrototypeOf(handle) !== prototype) return known;
    const isConnected = handle.getpeername({}) === 0;
    return isConnected ? open(handle, dialling.has(handle) ? "dialer" : "acceptor") : undefined;
  }

  function close(handle: TcpHandle, isReset: boolean): void {
    const isUsed = watched.has(handle) || handle.bytesRead > 0 || handle.bytesWritten > 0;
    const socket = isUsed ? find(handle) : undefined;
    if (socket === undefined) return;
    if (isReset) socket.isBroken = true;
    const closed = socket.closed(socket.isBroken ? "reset" : "fin");
    tellLines(socket, tell);
    tell(closed);
    watched.delete(handle);
  }

  for (const name of ["connect", "connect6"] as const) {
    replaceMethod(prototype, name, (original) => {
      return function (this: TcpHandle, request, ...rest) {
        dialling.add(this);
        const complete = request.oncomplete;
        request.oncomplete = (status, ...results) => {
          if (status === 0 && !watched.has(this)) open(this, "dialer");
          return complete.call(request, status, ...results);
        };
        return original.call(this, request, ...rest);
      };
    });
  }
  subscribe("net.server.socket", (message) => {
    find(wireHandle((message as { socket: InnerSocket }).socket));
  });
  replaceMethod(prototype, "close", (original) => {
    return function (this: TcpHandle, callback) {
      close(this, false);
      return original.call(this, callback);
    };
  });
  replaceMethod(prototype, "reset", (original) => {
    return function (this: TcpHandle, callback) {
      close(this, true);
      return original.call(this, callback);
    };
  });
  replaceMethod(socketInternals, "_writeGeneric", (original) => {
    return function (this: InnerSocket, isMany, data, encoding, done) {
      if (!this.connecting && !this.encrypted) {
        const socket = find(wireHandle(this));
        if (socket?.wantsWritten) socket.noteWritten(beginningOf(isMany, data, encoding));
      }
      return original.call(this, isMany, data, encoding, done);
    };
  });
  replaceMethod(socketInternals, "end", (original) => {
    return function (this: InnerSocket, ...args) {
      const handle = wireHandle(this);
      if (handle !== undefined) ended.add(handle);
      return original.apply(this, args);
    };
  });
  replaceMethod(socketInternals, "_destroy", (original) => {
    return function (this: InnerSocket, error, callback) {
      const socket = find(wireHandle(this));
      if (socket !== undefined) {
        if (this._readableState?.ended) socket.sawPeerEnd = true;
        if (isKernelError(error)) socket.isBroken = true;
      }
      return original.call(this, error, callback);
    };
  });

  return {
    sample() {
      const messages: ProbeMessage[] = [];
      const counted: SocketCounted = { kind: "counted", atMs: monotonicMs(), counts: [] };
      for (const socket of watched.values()) {
        tellLines(socket, (message) => messages.push(message));
        if (socket.count()) counted.counts.push([socket.number, socket.bytesWritten, socket.bytesRead]);
      }
      if (counted.counts.length > 0) messages.push(counted);
      return messages;
    },
    finish() {
      const messages: ProbeMessage[] = [];
      for (const [handle, socket] of watched) {
        tellLines(socket, (message) => messages.push(message));
        const isAllSent = ended.has(handle) && handle.writeQueueSize === 0;
        messages.push(socket.closed(isAllSent ? "fin" : "killed"));
      }
      watched.clear();
      return messages;
    },
    get size() {
      return watched.size;
    },
  };
}

function tellLines(socket: WatchedSocket, tell: (message: ProbeMessage) => void): void {
  const lines = socket.newLines();
  if (lines !== undefined) tell(lines);
}

const KERNEL_ERRORS = new Set(
  "ECONNRESET EPIPE ETIMEDOUT ECONNABORTED ENOTCONN EHOSTUNREACH ENETUNREACH ENETDOWN".split(" "),
);

/** The kernel's word that the connection is broken; a program also destroys sockets with errors of its own. */
function isKernelError(error: NodeJS.ErrnoException | null): boolean {
  return error?.syscall !== undefined && KERNEL_ERRORS.has(error.code ?? "");
}
