// The connections on which nobody is logged in, by address. Each address has a limit; beyond it the oldest connection
// is evicted. So one address fills neither the memory nor the file table, and newcomers from there still get in.
// Logged-in connections are not counted. A connection that is bound to a control connection counts with that one.
import { networkOf } from "../network-of.ts";

/** Lets 500 people behind one router reconnect at once: each opens three connections before the login succeeds. */
export const DEFAULT_CONNECTIONS_PER_ADDRESS = 2_000;

export interface UnauthenticatedConnection {
  readonly address: string;
  /** Closes the connection at once. */
  evict(): void;
}

export class UnauthenticatedConnections {
  readonly #limit: number;
  readonly #onEvicted: (address: string) => void;
  /** In the order in which they came. */
  readonly #byNetwork = new Map<string, Set<UnauthenticatedConnection>>();

  /** `onEvicted` gets the address of each connection that is evicted. */
  constructor(limit: number, onEvicted: (address: string) => void) {
    this.#limit = limit;
    this.#onEvicted = onEvicted;
  }

  add(connection: UnauthenticatedConnection): void {
    const network = networkOf(connection.address);
    const all = this.#byNetwork.get(network) ?? new Set();
    this.#byNetwork.set(network, all);
    all.add(connection);
    const [oldest] = all;
    if (!oldest || all.size <= this.#limit) return;
    all.delete(oldest);
    oldest.evict();
    this.#onEvicted(oldest.address);
  }

  delete(connection: UnauthenticatedConnection): void {
    const network = networkOf(connection.address);
    const all = this.#byNetwork.get(network);
    if (all?.delete(connection) && all.size === 0) this.#byNetwork.delete(network);
  }
}
