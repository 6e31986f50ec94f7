// A concurrency limit for TLS handshakes: each costs a millisecond or more, and thousands of clients that reconnect
// together would delay everybody else.
//
// A handshake needs a permit. There are 16, and one is granted in each turn of the event loop. A permit is returned
// when the handshake ends, or after 100 ms: a handshake that takes longer waits for the network and costs nothing
// meanwhile. Connections ask for a permit with their first bytes; when all are taken they queue, first in, first out.
// A connection that has queued for more than 5 s is closed, for its client has given up.
import type { Socket } from "node:net";

const MAX_PERMITS = 16;
const PERMIT_LIMIT_MS = 100;
/** Our clients wait 5 s for a connection. */
const QUEUE_LIMIT_MS = 5_000;

interface Queued {
  readonly socket: Socket;
  readonly sinceMs: number;
}

export class HandshakeLimiter {
  readonly #start: (socket: Socket) => void;
  readonly #maxPermits: number;
  /** By the connection that holds it: the timer that takes it back. */
  readonly #permits = new Map<Socket, NodeJS.Timeout>();
  readonly #queue: Queued[] = [];
  #hasGrantedInTurn = false;

  /** `start` starts the handshake on a socket whose first bytes have arrived. */
  constructor(start: (socket: Socket) => void, maxPermits = MAX_PERMITS) {
    this.#start = start;
    this.#maxPermits = maxPermits;
  }

  get queuedCount(): number {
    return this.#queue.length;
  }

  /** A connection that was accepted. */
  add(socket: Socket): void {
    socket.once("readable", () => {
      this.#queue.push({ socket, sinceMs: performance.now() });
      this.#grantNext();
    });
  }

  /** The handshake of that connection has ended, whether it succeeded or not. */
  release(socket: Socket): void {
    clearTimeout(this.#permits.get(socket));
    if (this.#permits.delete(socket)) this.#grantNext();
  }

  #grantNext(): void {
    if (this.#hasGrantedInTurn || this.#permits.size >= this.#maxPermits) return;
    const socket = this.#nextQueued();
    if (!socket) return;
    this.#hasGrantedInTurn = true;
    setImmediate(() => {
      this.#hasGrantedInTurn = false;
      this.#grantNext();
    });
    this.#permits.set(
      socket,
      setTimeout(() => this.release(socket), PERMIT_LIMIT_MS),
    );
    this.#start(socket);
  }

  #nextQueued(): Socket | null {
    for (;;) {
      const next = this.#queue.shift();
      if (!next) return null;
      const { socket, sinceMs } = next;
      if (performance.now() - sinceMs > QUEUE_LIMIT_MS) socket.destroy();
      if (!socket.destroyed) return socket;
    }
  }
}
