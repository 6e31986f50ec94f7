// A TCP proxy that injects network faults into connections. Random effects are drawn from a seed.
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { seededRandom } from "../statistics/seeded-random.ts";
import { type Conditions, type Fault, isSelected } from "./faults.ts";
import { type Relayed, RelayedConnection } from "./relayed-connection.ts";

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

  /** Resolves when the proxy listens. */
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
          // Each connection has its own generator, so its faults do not depend on the other connections.
          random: seededRandom(options.seed + this.#connections.length),
          faults: () => this.#faults,
        }),
      );
    });
  }

  /** Takes effect now, on existing and future connections. */
  change(change: Partial<Conditions>, firstLine?: RegExp): void {
    this.#faults.push({ change, firstLine });
    this.#apply();
  }

  /** Removes every fault and delivers what was held back. */
  heal(): void {
    this.#faults = [];
    this.#apply();
  }

  /** Resets both ends of existing connections (RST). */
  cut(firstLine?: RegExp): void {
    for (const connection of this.#selected(firstLine)) connection.cut();
  }

  /** Closes both ends of existing connections in order (FIN). */
  close(firstLine?: RegExp): void {
    for (const connection of this.#selected(firstLine)) connection.close();
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

  #selected(firstLine?: RegExp): RelayedConnection[] {
    return this.#connections.filter((connection) => isSelected(firstLine, connection.firstLines));
  }
}
