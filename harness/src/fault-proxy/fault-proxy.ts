// A TCP proxy that does to connections what networks do to them. What happens by chance is drawn from a seed.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { seededRandom } from "../statistics/seeded-random.ts";
import { type Conditions, type Fault, isPicked } from "./faults.ts";
import type { Relayed } from "./relayed.ts";
import { RelayedConnection } from "./relayed-connection.ts";

export interface FaultProxyOptions {
  id: string;
  listen: { host: string; port: number };
  target: { host: string; port: number };
  seed: number;
}

export class FaultProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #connections: RelayedConnection[] = [];
  #faults: Fault[] = [];

  /** Resolves when it listens. */
  static async listen(options: FaultProxyOptions): Promise<FaultProxy> {
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    server.listen(options.listen);
    await once(server, "listening");
    return new FaultProxy(options, server);
  }

  private constructor(options: FaultProxyOptions, server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (dialer) => {
      this.#connections.push(
        new RelayedConnection({
          proxyId: options.id,
          dialer,
          target: options.target,
          // Of its own for each, so that none depends on what the others do meanwhile.
          random: seededRandom(options.seed + this.#connections.length),
          faults: () => this.#faults,
        }),
      );
    });
  }

  /** From now on, for the connections there are and those that come. */
  change(change: Partial<Conditions>, firstLine?: RegExp): void {
    this.#faults.push({ change, firstLine });
    this.#apply();
  }

  /** Takes every fault back. What was held back goes on its way. */
  heal(): void {
    this.#faults = [];
    this.#apply();
  }

  /** RST, to both ends of the connections there are. */
  cut(firstLine?: RegExp): void {
    for (const connection of this.#picked(firstLine)) connection.cut();
  }

  /** FIN, to both ends of the connections there are. */
  close(firstLine?: RegExp): void {
    for (const connection of this.#picked(firstLine)) connection.close();
  }

  relayed(): Relayed[] {
    return this.#connections.map((connection) => connection.relayed());
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #apply(): void {
    for (const connection of this.#connections) connection.apply();
  }

  #picked(firstLine?: RegExp): RelayedConnection[] {
    return this.#connections.filter((connection) => isPicked(firstLine, connection.firstLines));
  }
}
