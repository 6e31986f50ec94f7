// One end of a simulated TCP connection, with as much of `net.Socket` as LineConnection uses. Bytes arrive in order, but
// late, split otherwise than they were sent, or not at all.
import { EventEmitter } from "node:events";
import type { LineSocket } from "../../src/net/line-connection.ts";
import type { VirtualNetwork } from "./virtual-network.ts";
import type { VirtualProcess } from "./virtual-process.ts";

export type Packet =
  /** The other end has accepted. */
  { kind: "open" } | { kind: "data"; bytes: Buffer } | { kind: "end" } | { kind: "reset" };

export class VirtualSocket extends EventEmitter implements LineSocket {
  readonly writableLength = 0;
  readonly owner: VirtualProcess;
  readonly localAddress: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** The port that was dialled, at both ends. */
  readonly port: number;
  readonly #network: VirtualNetwork;
  #peer: VirtualSocket | null = null;
  #isDestroyed = false;
  #isPaused = false;
  #isPumpPlanned = false;
  #hasEnded = false;
  #hasPeerEnded = false;
  /** Packets sent and not yet arrived, in order. */
  readonly #underWay: Packet[] = [];
  #isCarrying = false;
  readonly #arrived: Packet[] = [];

  constructor(
    network: VirtualNetwork,
    owner: VirtualProcess,
    ends: { localAddress: string; remoteAddress: string; remotePort: number; port: number },
  ) {
    super();
    this.#network = network;
    this.owner = owner;
    this.localAddress = ends.localAddress;
    this.remoteAddress = ends.remoteAddress;
    this.remotePort = ends.remotePort;
    this.port = ends.port;
    owner.sockets.add(this);
  }

  get destroyed(): boolean {
    return this.#isDestroyed;
  }

  get peer(): VirtualSocket | null {
    return this.#peer;
  }

  setNoDelay(): void {}

  isPaused(): boolean {
    return this.#isPaused;
  }

  /** Makes the two sockets the ends of one connection. */
  connectTo(peer: VirtualSocket): void {
    this.#peer = peer;
    peer.#peer = this;
  }

  write(written: string | Buffer): void {
    if (this.#isDestroyed || this.#hasEnded) return;
    const bytes = Buffer.from(written as string, "latin1");
    this.#network.onWrite(this, bytes.toString("latin1"));
    for (const piece of this.#network.pieces(bytes)) this.send({ kind: "data", bytes: piece });
  }

  cork(): void {}

  uncork(): void {}

  end(): void {
    if (this.#isDestroyed || this.#hasEnded) return;
    if (!this.#peer) {
      this.destroy();
      return;
    }
    this.#hasEnded = true;
    this.send({ kind: "end" });
    if (this.#hasPeerEnded) this.#close(null);
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    if (!this.#hasEnded) this.send({ kind: "end" });
    this.#close(null);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#arrived.length > 0) this.#planPump();
  }

  /** The connection could not be made, or broke. */
  fail(code: string): void {
    if (!this.#isDestroyed) this.#close(new Error(code));
  }

  /** The process has ended, so no listener is called any more. */
  abandon(isMachineLost: boolean): void {
    this.#isDestroyed = true;
    this.removeAllListeners();
    if (isMachineLost) this.#underWay.length = 0;
    else if (!this.#hasEnded) this.send({ kind: "end" });
  }

  /** Packets under way are lost, and both ends get a reset. */
  cut(): void {
    if (!this.#peer) return;
    for (const end of [this, this.#peer]) {
      end.#underWay.length = 0;
      end.send({ kind: "reset" });
    }
  }

  send(packet: Packet): void {
    this.#underWay.push(packet);
    if (!this.#isCarrying) this.#carryNext();
  }

  #carryNext(): void {
    const peer = this.#peer;
    this.#isCarrying = peer !== null && this.#underWay.length > 0;
    if (!peer || !this.#isCarrying) return;
    this.#network.carry(this.owner.host, peer.owner.host, () => {
      const packet = this.#underWay.shift();
      if (packet) peer.#arrive(packet);
      this.#carryNext();
    });
  }

  #arrive(packet: Packet): void {
    if (this.#isDestroyed) {
      // The kernel answers data for a closed socket with a reset.
      if (packet.kind === "data" && this.#network.isUp(this.owner.host)) this.send({ kind: "reset" });
      return;
    }
    this.owner.run(() => {
      this.#arrived.push(packet);
      this.#pump();
    });
  }

  #planPump(): void {
    if (this.#isPumpPlanned) return;
    this.#isPumpPlanned = true;
    process.nextTick(() => {
      this.#isPumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#isPaused && !this.#isDestroyed) {
      const packet = this.#arrived.shift();
      if (!packet) return;
      if (packet.kind === "open") this.emit("connect");
      else if (packet.kind === "data") this.emit("data", packet.bytes);
      else if (packet.kind === "reset") this.#close(new Error("ECONNRESET"));
      else this.#peerEnded();
    }
  }

  #peerEnded(): void {
    if (this.#hasPeerEnded) return;
    this.#hasPeerEnded = true;
    if (this.#hasEnded) this.#close(null);
    else this.emit("end");
  }

  #close(error: Error | null): void {
    this.#isDestroyed = true;
    this.owner.sockets.delete(this);
    process.nextTick(() => {
      if (!this.owner.isAlive) return;
      // Before the connection is accepted nobody listens for errors.
      if (error && this.listenerCount("error") > 0) this.emit("error", error);
      this.emit("close");
    });
  }
}
