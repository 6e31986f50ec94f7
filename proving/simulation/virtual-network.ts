// The network between simulated machines: who listens where, how long packets take, which routes are blocked.
import type { Chance } from "../../src/shared/chance/chance.ts";
import type { VirtualProcess } from "./virtual-process.ts";
import { VirtualSocket } from "./virtual-socket.ts";
import type { VirtualTime } from "./virtual-time.ts";

export interface VirtualListener {
  readonly port: number;
  close(): void;
}

type Accept = (socket: VirtualSocket) => void;

interface Listening {
  readonly owner: VirtualProcess;
  readonly accept: Accept;
}

const FIRST_FREE_PORT = 40_000;
/** How soon an unanswered packet is sent again. */
const SYN_AGAIN_MS = 1_000;
const SPLIT_SHARE = 0.03;

export class VirtualNetwork {
  readonly #time: VirtualTime;
  readonly #chance: Chance;
  readonly #onWrite: (socket: VirtualSocket, text: string) => void;
  readonly #listening = new Map<string, Listening>();
  /** Pair of machines → until when the route between them is blocked. */
  readonly #blocks = new Map<string, number>();
  readonly #lost = new Set<string>();
  readonly #delayMs: number;
  #slowness = { factor: 1, untilMs: 0 };
  #lastPort = FIRST_FREE_PORT;

  /** `onWrite` is called with what each process writes, before it leaves. */
  constructor(time: VirtualTime, chance: Chance, onWrite: (socket: VirtualSocket, text: string) => void) {
    this.#time = time;
    this.#chance = chance;
    this.#onWrite = onWrite;
    this.#delayMs = 0.2 + chance.fraction() ** 3 * 100;
  }

  onWrite(socket: VirtualSocket, text: string): void {
    this.#onWrite(socket, text);
  }

  listen(owner: VirtualProcess, port: number, accept: Accept): VirtualListener {
    const bound = port === 0 ? ++this.#lastPort : port;
    const key = `${owner.host}:${bound}`;
    if (this.#listening.get(key)?.owner.isAlive) throw new Error(`EADDRINUSE ${key}`);
    const listening = { owner, accept };
    this.#listening.set(key, listening);
    const close = () => {
      if (this.#listening.get(key) === listening) this.#listening.delete(key);
    };
    return { port: bound, close };
  }

  /** Emits "connect", or "error" and "close". `needsAcceptor`: the other process has to take part (TLS). */
  connect(owner: VirtualProcess, address: string, port: number, needsAcceptor: boolean): VirtualSocket {
    const localAddress = addressOf(owner.host);
    const localPort = ++this.#lastPort;
    const ends = { localAddress, remoteAddress: address, remotePort: port, port };
    const socket = new VirtualSocket(this, owner, ends);
    this.carry(owner.host, hostAt(address), () => {
      if (socket.destroyed) return;
      const listening = this.#listening.get(`${hostAt(address)}:${port}`);
      if (listening?.owner.isAlive) {
        const accepted = new VirtualSocket(this, listening.owner, {
          localAddress: address,
          remoteAddress: localAddress,
          remotePort: localPort,
          port,
        });
        socket.connectTo(accepted);
        if (!needsAcceptor) accepted.send({ kind: "open" });
        listening.owner.run(() => {
          if (accepted.destroyed) return;
          if (needsAcceptor) accepted.send({ kind: "open" });
          listening.accept(accepted);
        });
      } else {
        this.carry(hostAt(address), owner.host, () => owner.run(() => socket.fail("ECONNREFUSED")));
      }
    });
    return socket;
  }

  /** Calls `deliver` when a packet that leaves `from` now arrives; a blocked route delays it until it is open again. */
  carry(from: string, to: string, deliver: () => void): void {
    const jitter = this.#chance.fraction();
    const { nowMs } = this.#time;
    const factor = nowMs < this.#slowness.untilMs ? this.#slowness.factor : 1;
    const atMs = nowMs + factor * this.#delayMs * (0.5 + jitter * jitter * 3);
    const arrive = () => {
      const blockedUntilMs = this.#blocks.get(pairOf(from, to)) ?? 0;
      if (blockedUntilMs > this.#time.nowMs) this.#time.at(blockedUntilMs + jitter * SYN_AGAIN_MS, arrive);
      else if (this.#lost.has(to)) this.#time.at(this.#time.nowMs + SYN_AGAIN_MS, arrive);
      else deliver();
    };
    this.#time.at(atMs, arrive);
  }

  /** Splits bytes into the segments in which they arrive. */
  pieces(bytes: Buffer): Buffer[] {
    if (bytes.length < 2 || this.#chance.fraction() > SPLIT_SHARE) return [bytes];
    const middle = 1 + Math.floor(this.#chance.fraction() * (bytes.length - 1));
    return [bytes.subarray(0, middle), bytes.subarray(middle)];
  }

  block(one: string, other: string, forMs: number): void {
    this.#blocks.set(pairOf(one, other), this.#time.nowMs + forMs);
  }

  /** Packets take `factor` times as long for `forMs`. */
  slowDown(factor: number, forMs: number): void {
    this.#slowness = { factor, untilMs: this.#time.nowMs + forMs };
  }

  /** A machine without power answers nothing: a connection to it is not even refused. */
  setUp(host: string, isUp: boolean): void {
    if (isUp) this.#lost.delete(host);
    else this.#lost.add(host);
  }

  isUp(host: string): boolean {
    return !this.#lost.has(host);
  }

  healAll(): void {
    this.#blocks.clear();
    this.#lost.clear();
  }
}

/** The address of a machine, derived from its name. */
export function addressOf(host: string): string {
  return `${host}.net`;
}

function hostAt(address: string): string {
  return address.replace(/\.net$/, "");
}

function pairOf(one: string, other: string): string {
  return one < other ? `${one} ${other}` : `${other} ${one}`;
}
