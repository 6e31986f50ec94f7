// The connections on which nobody is logged in, by address: at most so many each, and beyond that the oldest gives
// way. So one address fills neither memory nor the file table, a newcomer from there still gets in, and whoever is
// logged in is not even counted. A connection that is bound to a control connection counts with that one.
import { networkOf } from "../network-of.ts";

/** Lets 500 people behind one router come back at once, each with three connections before the login is through. */
export const DEFAULT_CONNECTIONS_PER_ADDRESS = 2_000;

export interface Stranger {
  readonly address: string;
  giveWay(): void;
}

export class Strangers {
  readonly #limit: number;
  readonly #onExcess: (address: string) => void;
  /** Each in the order in which they came. */
  readonly #byNetwork = new Map<string, Set<Stranger>>();

  /** `onExcess` is told the address of each one that had to give way. */
  constructor(limit: number, onExcess: (address: string) => void) {
    this.#limit = limit;
    this.#onExcess = onExcess;
  }

  add(stranger: Stranger): void {
    const network = networkOf(stranger.address);
    const all = this.#byNetwork.get(network) ?? new Set();
    this.#byNetwork.set(network, all);
    all.add(stranger);
    const [oldest] = all;
    if (!oldest || all.size <= this.#limit) return;
    all.delete(oldest);
    oldest.giveWay();
    this.#onExcess(oldest.address);
  }

  delete(stranger: Stranger): void {
    const network = networkOf(stranger.address);
    const all = this.#byNetwork.get(network);
    if (all?.delete(stranger) && all.size === 0) this.#byNetwork.delete(network);
  }
}
