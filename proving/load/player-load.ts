// Performs one operation of the game many times, on one or several servers, and counts what it took.
import { planCrowd } from "../../src/bots/schedule.ts";
import type { ServerAddresses } from "../../src/client/server-addresses.ts";
import { BarePlayer } from "./bare-player.ts";
import { accept, begin, type Pair, reportLoss, reportWin } from "./match-of-two.ts";
import { watchSockets } from "./socket-bytes.ts";

export interface PlayerJob {
  operation: "login" | "list" | "begin" | "accept" | "report win" | "report loss";
  /** How many times. */
  count: number;
  /** How many are under way at the same time. */
  atOnce: number;
}

interface Performed {
  tookMs: number;
  /** Bytes of all connections to the servers, on the wire. */
  sent: number;
  received: number;
}

export class PlayerLoad {
  readonly #servers: ServerAddresses;
  readonly #accounts: readonly { name: string; password: string }[];
  readonly #players: BarePlayer[] = [];
  /** How often each operation has been performed: the next job goes on with the players that follow. */
  readonly #performed = new Map<string, number>();
  readonly #bytes = watchSockets();

  constructor(servers: ServerAddresses, clients: number) {
    this.#servers = servers;
    this.#accounts = planCrowd({ seed: 1, clients, matches: 0, rampPerSecond: 1 }).members;
  }

  async perform({ operation, count, atOnce }: PlayerJob): Promise<Performed> {
    const before = this.#bytes();
    const startMs = performance.now();
    let next = this.#performed.get(operation) ?? 0;
    const end = next + count;
    this.#performed.set(operation, end);
    const performOn = async () => {
      while (next < end) await this.#performOnce(operation, next++);
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, count) }, performOn));
    const tookMs = performance.now() - startMs;
    const after = this.#bytes();
    return { tookMs, sent: after.sent - before.sent, received: after.received - before.received };
  }

  close(): void {
    for (const player of this.#players) player.leave();
  }

  #performOnce(operation: PlayerJob["operation"], number: number): Promise<unknown> | undefined {
    switch (operation) {
      case "login":
        return this.#logIn(number);
      case "list":
        return this.#players[number % this.#players.length]?.control.asks("list", "listACK");
      case "begin":
        return begin(this.#pairAt(number));
      case "accept":
        return accept(this.#pairAt(number));
      case "report win":
        return reportWin(this.#pairAt(number));
      case "report loss":
        return reportLoss(this.#pairAt(number));
    }
  }

  /** Each account on the next server. */
  async #logIn(number: number): Promise<void> {
    const account = this.#accounts[number];
    if (!account) throw new Error(`there are only ${this.#accounts.length} accounts`);
    const server = this.#servers[number % this.#servers.length] ?? this.#servers[0];
    this.#players[number] = await BarePlayer.login(account.name, account.password, server);
  }

  /** Neighbours: they are on two servers wherever there are two. */
  #pairAt(number: number): Pair {
    const [x, o] = this.#players.slice(2 * number, 2 * number + 2);
    if (!x || !o) throw new Error(`pair ${number} has not logged in`);
    return { x, o };
  }
}
