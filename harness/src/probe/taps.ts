// Hooks into the few points that all TCP sockets of a process pass: connect, close and reset of the handle, the event of
// an accepted connection, and three methods of net.Socket that TLS and HTTP also use.
import { subscribe } from "node:diagnostics_channel";
import { beginningOf } from "../witness/first-lines.ts";
import { replaceMethod } from "./replace-method.ts";
import type { SocketBook } from "./socket-book.ts";
import { countWritten } from "./tap-payload.ts";
import { type InnerSocket, socketInternals, type TcpHandle, wireHandle } from "./tcp-handle.ts";
import type { WatchedSocket } from "./watched-socket.ts";
import { atWork } from "./work-time.ts";

export function tapHandles(book: SocketBook): void {
  for (const name of ["connect", "connect6"] as const) {
    replaceMethod(book.handlePrototype, name, (original) => {
      return function (this: TcpHandle, request, ...rest) {
        book.noteDialling(this);
        onceRead(request, "oncomplete", () => atWork(() => book.find(this)));
        return original.call(this, request, ...rest);
      };
    });
  }
  for (const name of ["close", "reset"] as const) {
    replaceMethod(book.handlePrototype, name, (original) => {
      return function (this: TcpHandle, callback) {
        atWork(() => book.close(this, name === "reset"));
        return original.call(this, callback);
      };
    });
  }
}

export function tapSockets(book: SocketBook): void {
  subscribe("net.server.socket", (message) => {
    atWork(() => book.find(wireHandle((message as { socket: InnerSocket }).socket)));
  });
  replaceMethod(socketInternals, "_writeGeneric", (original) => {
    return function (this: InnerSocket, isMany, data, encoding, done) {
      // While the socket connects, this is called once more later.
      if (!this.connecting) {
        const socket = book.find(wireHandle(this));
        if (socket) noteWritten(socket, this.encrypted === true, isMany, data, encoding);
      }
      return original.call(this, isMany, data, encoding, done);
    };
  });
  replaceMethod(socketInternals, "end", (original) => {
    return function (this: InnerSocket, ...args) {
      book.noteEnded(wireHandle(this));
      return original.apply(this, args);
    };
  });
  replaceMethod(socketInternals, "_destroy", (original) => {
    return function (this: InnerSocket, error, callback) {
      const socket = book.find(wireHandle(this));
      if (socket !== undefined) {
        if (this._readableState?.ended) socket.sawPeerEnd = true;
        if (isKernelError(error)) socket.isBroken = true;
      }
      return original.call(this, error, callback);
    };
  });
}

/** Under TLS `data` is plaintext, which is no first line of the wire. */
function noteWritten(
  socket: WatchedSocket,
  isTlsLayer: boolean,
  isMany: boolean,
  data: unknown,
  encoding: string,
): void {
  if (!isTlsLayer && socket.wantsWritten)
    atWork(() => socket.noteWritten(beginningOf(isMany, data, encoding)));
  const payload = socket.payloadThrough(isTlsLayer);
  if (payload) countWritten(payload.written, isMany, data, encoding);
}

/**
 * Calls `onRead` when a property is read for the first time. Node reads a callback to call it; a function put in its
 * place would be seen in the trace of an error, such as that of a refused connection.
 */
function onceRead<T extends object, K extends keyof T>(owner: T, name: K, onRead: () => void): void {
  const value = owner[name];
  Object.defineProperty(owner, name, {
    get() {
      Object.defineProperty(owner, name, { value, configurable: true, enumerable: true, writable: true });
      onRead();
      return value;
    },
    configurable: true,
    enumerable: true,
  });
}

const KERNEL_ERRORS = new Set(
  "ECONNRESET EPIPE ETIMEDOUT ECONNABORTED ENOTCONN EHOSTUNREACH ENETUNREACH ENETDOWN".split(" "),
);

/** An error by which the kernel reports a broken connection; programs also destroy sockets with their own errors. */
function isKernelError(error: NodeJS.ErrnoException | null): boolean {
  return error?.syscall !== undefined && KERNEL_ERRORS.has(error.code ?? "");
}
