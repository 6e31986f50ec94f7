// One connection through the proxy: the socket that the dialer opened, the one opened to the acceptor for it, and a
// lane in each direction. An orderly end is passed on as an end, a reset as a reset.
import { Socket } from "node:net";
import { bytesText, FirstLines } from "../witness/first-lines.ts";
import { conditionsFor, type Fault } from "./faults.ts";
import { Lane } from "./lane.ts";
import type { Relayed } from "./relayed.ts";

export interface RelayedConnectionOptions {
  proxyId: string;
  dialer: Socket;
  target: { host: string; port: number };
  random: () => number;
  /** Those of the proxy, now. */
  faults: () => readonly Fault[];
}

export class RelayedConnection {
  readonly #options: RelayedConnectionOptions;
  readonly #dialer: Socket;
  readonly #acceptor = new Socket({ allowHalfOpen: true });
  readonly #fromDialer: Lane;
  readonly #fromAcceptor: Lane;
  readonly #firstLines = [new FirstLines(), new FirstLines()] as const;
  readonly #dialerSide: Relayed["dialerSide"];
  #acceptorSide: Relayed["acceptorSide"] = null;
  #isDialled = false;
  /** One of the two was reset, or the acceptor refused. */
  #isBroken = false;

  constructor(options: RelayedConnectionOptions) {
    const { dialer, random } = options;
    this.#options = options;
    this.#dialer = dialer;
    this.#dialerSide = {
      from: { address: dialer.remoteAddress ?? "", port: dialer.remotePort ?? 0 },
      to: { address: dialer.localAddress ?? "", port: dialer.localPort ?? 0 },
    };
    const [dialerLines, acceptorLines] = this.#firstLines;
    this.#fromDialer = new Lane(dialer, this.#acceptor, random, (bytes) => this.#learn(dialerLines, bytes));
    this.#fromAcceptor = new Lane(this.#acceptor, dialer, random, (bytes) =>
      this.#learn(acceptorLines, bytes),
    );
    for (const socket of [dialer, this.#acceptor]) {
      // Without waiting for what other writes would fill a segment.
      socket.setNoDelay(true);
      socket.on("error", () => {
        this.#isBroken = true;
        this.apply();
      });
    }
    this.apply();
  }

  get firstLines(): string[] {
    return this.#firstLines.flatMap((lines) => lines.lines());
  }

  /** The proxy's faults have changed, or it is known better which concern this connection. */
  apply(): void {
    const conditions = conditionsFor(this.#options.faults(), this.firstLines);
    if (this.#isBroken && !conditions.isSilent) this.cut();
    else {
      if (!conditions.isSilent) this.#dial();
      this.#fromDialer.apply(conditions);
      this.#fromAcceptor.apply(conditions);
    }
  }

  /** RST to both. */
  cut(): void {
    this.#closeLanes();
    for (const socket of [this.#dialer, this.#acceptor]) socket.resetAndDestroy();
  }

  /** FIN to both. */
  close(): void {
    this.#closeLanes();
    for (const socket of [this.#dialer, this.#acceptor]) socket.end();
  }

  relayed(): Relayed {
    return {
      proxyId: this.#options.proxyId,
      dialerSide: this.#dialerSide,
      acceptorSide: this.#acceptorSide,
      dialerToAcceptor: this.#fromDialer.counts,
      acceptorToDialer: this.#fromAcceptor.counts,
    };
  }

  #closeLanes(): void {
    this.#fromDialer.close();
    this.#fromAcceptor.close();
  }

  /** Not before it is to be reached: of a connection that begins in silence the acceptor knows nothing. */
  #dial(): void {
    if (this.#isDialled) return;
    this.#isDialled = true;
    const { target } = this.#options;
    this.#acceptor.connect(target, () => {
      const { localAddress = "", localPort = 0, remoteAddress = "", remotePort = 0 } = this.#acceptor;
      this.#acceptorSide = {
        from: { address: localAddress, port: localPort },
        to: { address: remoteAddress, port: remotePort },
      };
    });
  }

  #learn(lines: FirstLines, bytes: Buffer): void {
    if (lines.isFull) return;
    lines.add(bytesText(bytes));
    this.apply();
  }
}
