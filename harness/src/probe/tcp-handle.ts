// The part of Node's TCP handles that the probe relies on. They are internal, but the same in Node 20, 22 and 24. Every
// TCP socket, also one under TLS or HTTP or inherited by a child, has exactly one handle, which counts bytes on the wire.
import { Socket } from "node:net";

export interface TcpHandle {
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Bytes counted as written that the kernel has not taken yet. */
  readonly writeQueueSize: number;
  onread: ReadListener;
  getsockname(into: Partial<HandleAddress>): number;
  getpeername(into: Partial<HandleAddress>): number;
  connect(request: ConnectRequest, ...rest: unknown[]): number;
  connect6(request: ConnectRequest, ...rest: unknown[]): number;
  close(callback?: () => void): unknown;
  reset(callback?: () => void): number;
}

export interface ConnectRequest {
  oncomplete(status: number, ...rest: unknown[]): unknown;
}

interface HandleAddress {
  address: string;
  port: number;
}

export type ReadListener = (this: unknown, chunk: ArrayBuffer | undefined) => unknown;

/** A socket with its internals. */
export type InnerSocket = Socket & {
  _handle: (TcpHandle & { _parent?: TcpHandle }) | null;
  _readableState?: { ended: boolean };
  encrypted?: boolean;
};

/** The methods of net.Socket that every stream socket uses, TLSSocket included. */
export interface SocketInternals {
  _destroy(this: InnerSocket, error: Error | null, callback: (error?: Error | null) => void): void;
  _writeGeneric(this: InnerSocket, isMany: boolean, data: unknown, encoding: string, done: unknown): unknown;
  push(this: InnerSocket, chunk: unknown, encoding?: string): boolean;
  end(this: InnerSocket, ...args: unknown[]): unknown;
}

export const socketInternals = Socket.prototype as unknown as SocketInternals;

/** Taken from a socket that never gets a descriptor, because the class itself is not accessible. */
export function tcpHandlePrototype(): TcpHandle {
  const donor = new Socket() as InnerSocket;
  donor.connect(9, "127.0.0.1");
  const prototype = Object.getPrototypeOf(donor._handle) as TcpHandle;
  // Else it were listed among the program's handles until the next turn.
  donor.unref().destroy();
  return prototype;
}

/** The handle of the connection itself: under TLS the one below the TLS layer. */
export function wireHandle(socket: InnerSocket): TcpHandle | undefined {
  return socket._handle?._parent ?? socket._handle ?? undefined;
}

/** Node gives a handle this accessor only if a TLS layer is put on it. */
export function isUnderTls(handle: TcpHandle): boolean {
  return Object.getOwnPropertyDescriptor(handle, "reading")?.get !== undefined;
}

export function localAddress(handle: TcpHandle): HandleAddress | undefined {
  return toAddress((into) => handle.getsockname(into));
}

export function remoteAddress(handle: TcpHandle): HandleAddress | undefined {
  return toAddress((into) => handle.getpeername(into));
}

function toAddress(read: (into: Partial<HandleAddress>) => number): HandleAddress | undefined {
  const into: Partial<HandleAddress> = {};
  if (read(into) !== 0 || into.address === undefined || into.port === undefined) return undefined;
  return { address: into.address, port: into.port };
}
