// So many TLS handshakes at a time, and one begun in a turn of the event loop: each costs a millisecond or more, and
// thousands that come back together would keep everybody else waiting. Who comes too late for a place waits, first come,
// first served. Who has not said anything holds no place, and who stalls in the middle loses it soon.
import type { Socket } from "node:net";

const MAX_AT_A_TIME = 16;
/** Whose handshake takes longer waits for the network, and costs nothing meanwhile. */
const LONGEST_HOLD_MS = 100;
/** Whoever waited longer for a place has given up: our clients wait 5 s for a connection. */
const LONGEST_WAIT_MS = 5_000;

interface Waiting {
  readonly socket: Socket;
  readonly sinceMs: number;
}

export class HandshakeQueue {
  readonly #begin: (socket: Socket) => void;
  readonly #maxAtATime: number;
  readonly #holds = new Map<Socket, NodeJS.Timeout>();
  readonly #waiting: Waiting[] = [];
  #hasBegunInTurn = false;

  /** `begin` starts the handshake on a socket whose first bytes are here. */
  constructor(begin: (socket: Socket) => void, maxAtATime = MAX_AT_A_TIME) {
    this.#begin = begin;
    this.#maxAtATime = maxAtATime;
  }

  get waitingCount(): number {
    return this.#waiting.length;
  }

  /** A connection that was accepted. */
  add(socket: Socket): void {
    socket.once("readable", () => {
      this.#waiting.push({ socket, sinceMs: performance.now() });
      this.#beginNext();
    });
  }

  /** Its handshake is over, well or not. */
  release(socket: Socket): void {
    clearTimeout(this.#holds.get(socket));
    if (this.#holds.delete(socket)) this.#beginNext();
  }

  #beginNext(): void {
    if (this.#hasBegunInTurn || this.#holds.size >= this.#maxAtATime) return;
    const socket = this.#nextWaiting();
    if (!socket) return;
    this.#hasBegunInTurn = true;
    setImmediate(() => {
      this.#hasBegunInTurn = false;
      this.#beginNext();
    });
    this.#holds.set(
      socket,
      setTimeout(() => this.release(socket), LONGEST_HOLD_MS),
    );
    this.#begin(socket);
  }

  #nextWaiting(): Socket | null {
    for (;;) {
      const next = this.#waiting.shift();
      if (!next) return null;
      const { socket, sinceMs } = next;
      if (performance.now() - sinceMs > LONGEST_WAIT_MS) socket.destroy();
      if (!socket.destroyed) return socket;
    }
  }
}
