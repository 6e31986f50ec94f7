// A listening port, plain or TLS, that hands over each connection as lines. Knows no message.
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { fairScheduler } from "./fair-scheduler.ts";
import { HandshakeLimiter } from "./handshake-limiter.ts";
import {
  LineConnection,
  type LineConnectionOptions,
  type LineHandlers,
  plainAddress,
} from "./line-connection.ts";

export interface Address {
  /** undefined: all interfaces. */
  host: string | undefined;
  /** 0: a free one. */
  port: number;
}

export interface Certificate {
  /** Both in PEM. */
  cert: string;
  key: string;
}

/** Called for each connection; it calls `open` once, now or later, with the handlers of its lines. */
export type Accept = (open: Open) => void;

export type Open = (handlers: LineHandlers) => LineConnection;

export interface TlsListenOptions extends LineConnectionOptions {
  /** How long a handshake may take, however it trickles in. */
  handshakeMs?: number | undefined;
  /** One has started. `evict` closes its connection; what is returned is called when the handshake has ended. */
  onHandshake?(address: string, evict: () => void): () => void;
  /** One took too long, or what came was not TLS. Not called when the client went away. */
  onHandshakeFailed?(address: string, code: string): void;
}

const BACKLOG = 4096;
const HANDSHAKE_LIMIT_MS = 10_000;

/** Rejects with the system's error (`code` EADDRINUSE, EACCES, …) when it cannot listen. */
export function listenPlain(
  address: Address,
  options: LineConnectionOptions,
  accept: Accept,
): Promise<Listener> {
  const server = createPlainServer({ allowHalfOpen: true });
  const { scheduler = fairScheduler } = options;
  const acceptNow = acceptSocket(options, accept);
  server.on("connection", (socket) => {
    socket.on("error", () => {});
    // A connection that is closed again before it is opened has cost next to nothing.
    scheduler.scheduleOpenOrClose(() => {
      if (!socket.destroyed) acceptNow(socket);
    });
  });
  return Listener.start(server, address);
}

/** The same with TLS 1.2 or later; `accept` is called for connections whose handshake succeeded. */
export function listenTls(
  address: Address,
  certificate: Certificate,
  options: TlsListenOptions,
  accept: Accept,
): Promise<Listener> {
  const { handshakeMs = HANDSHAKE_LIMIT_MS, onHandshake, onHandshakeFailed } = options;
  const tls = createTlsServer({ ...tlsOptions(certificate), allowHalfOpen: true });
  const limiter = new HandshakeLimiter((socket) => tls.emit("connection", socket));
  const handshakes = new Map<string, () => void>();
  const endHandshake = (socket: Socket) => handshakes.get(endpointOf(socket))?.();
  const server = createPlainServer({ allowHalfOpen: true }, (socket) => {
    const endpoint = endpointOf(socket);
    const address = plainAddress(socket.remoteAddress);
    const onOver = onHandshake?.(address, () => socket.destroy());
    const limit = setTimeout(() => {
      onHandshakeFailed?.(address, "ERR_TLS_HANDSHAKE_TIMEOUT");
      socket.destroy();
    }, handshakeMs);
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      // The endpoint of a connection that was reset at once is unknown: all of those share one entry.
      if (handshakes.get(endpoint) === over) handshakes.delete(endpoint);
      clearTimeout(limit);
      limiter.release(socket);
      onOver?.();
    };
    handshakes.set(endpoint, over);
    socket.on("error", () => {});
    socket.once("close", over);
    limiter.add(socket);
  });
  tls.on("secureConnection", endHandshake);
  // TLS 1.2 lets a client ask for one handshake after another on a connection that the limiter has let through.
  tls.on("secureConnection", (socket) => {
    socket.disableRenegotiation();
    // Node reports the attempt and leaves the connection open.
    socket.on("error", () => socket.destroy());
  });
  tls.on("secureConnection", acceptSocket(options, accept));
  tls.on("tlsClientError", (error: NodeJS.ErrnoException, socket) => {
    const address = plainAddress(socket.remoteAddress);
    if (error.code !== "ECONNRESET" && address !== "") onHandshakeFailed?.(address, error.code ?? "");
    socket.destroy();
  });
  return Listener.start(server, address, (renewed) => tls.setSecureContext(tlsOptions(renewed)));
}

/** TLS 1.2 or later. */
function tlsOptions(certificate: Certificate) {
  return { ...certificate, minVersion: "TLSv1.2" } as const;
}

export class Listener {
  readonly #server: Server;
  /** For the connections to come; does nothing on a plain port. */
  readonly setCertificate: (certificate: Certificate) => void;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server, setCertificate: (certificate: Certificate) => void) {
    this.#server = server;
    this.setCertificate = setCertificate;
    server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  static start(
    server: Server,
    { host, port }: Address,
    setCertificate: (certificate: Certificate) => void = () => {},
  ): Promise<Listener> {
    const listener = new Listener(server, setCertificate);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, backlog: BACKLOG }, () => {
        server.off("error", reject);
        // An accept that fails (no descriptors left) costs that one connection and not the server.
        server.on("error", () => {});
        resolve(listener);
      });
    });
  }

  get host(): string {
    return this.#boundTo.address;
  }

  get port(): number {
    return this.#boundTo.port;
  }

  /** Accepts no more connections, waits for those that are open, and closes the rest after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    const timer = setTimeout(() => {
      for (const socket of this.#sockets) socket.destroy();
    }, graceMs);
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
    clearTimeout(timer);
  }

  get #boundTo(): { address: string; port: number } {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the listener is closed");
    return address;
  }
}

function endpointOf({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

function acceptSocket(options: LineConnectionOptions, accept: Accept): (socket: Socket) => void {
  return (socket) => {
    // It may fail before it is opened.
    socket.on("error", () => {});
    accept((handlers) => new LineConnection(socket, options, handlers));
  };
}
