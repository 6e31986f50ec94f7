// One hostile machine: it has its own loopback address and tracks every connection that it has open.
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { Ports } from "../../test/wire/whole-client.ts";

export class Attacker {
  readonly address: string;
  readonly #ports: Ports;
  readonly #sockets = new Set<Socket>();

  constructor(ports: Ports, address: string) {
    this.#ports = ports;
    this.address = address;
  }

  /** Connects to the main port, and reads and discards what arrives. */
  async open(): Promise<Socket> {
    const socket = (await this.openUnread(this.#ports.port)).resume();
    return socket;
  }

  /** Connects and never reads. */
  async openUnread(port = this.#ports.port): Promise<Socket> {
    const socket = connect({ port, host: "127.0.0.1", localAddress: this.address, allowHalfOpen: true });
    this.#keep(socket);
    await ready(socket, "connect");
    return socket;
  }

  /** Connects to the TLS port without a handshake. */
  openTlsPort(): Promise<Socket> {
    return this.openUnread(this.#ports.tlsPort);
  }

  async openTls(): Promise<Socket> {
    const socket = connectTls({ socket: await this.openTlsPort(), rejectUnauthorized: false });
    this.#keep(socket);
    await ready(socket, "secureConnect");
    return socket;
  }

  /** Opens `count` connections with `open`, 50 at a time. */
  async many(count: number, open: () => Promise<Socket> = () => this.open()): Promise<Socket[]> {
    const sockets: Socket[] = [];
    while (sockets.length < count) {
      const portion = Math.min(50, count - sockets.length);
      sockets.push(...(await Promise.all(Array.from({ length: portion }, open))));
    }
    return sockets;
  }

  get openCount(): number {
    return [...this.#sockets].filter(({ readyState }) => readyState === "open").length;
  }

  leave(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

/** Resolves when the connection is open, or was refused. */
function ready(socket: Socket, event: "connect" | "secureConnect"): Promise<void> {
  return new Promise((resolve) => socket.once(event, () => resolve()).once("close", () => resolve()));
}
