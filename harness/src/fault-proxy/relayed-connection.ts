// One connection through the proxy: the socket that the dialer opened, the one opened to the acceptor for it, and a
// lane in each direction. An orderly end is forwarded as an end, a reset as a reset.
import { Socket } from "node:net";
import type { MeasuredSocket } from "../result/result.ts";
import { bytesText, FirstLines } from "../witness/first-lines.ts";
import { conditionsFor, type Fault } from "./faults.ts";
import { Lane, type LaneCounts } from "./lane.ts";

type Endpoint = MeasuredSocket["local"];

interface Side {
  from: Endpoint;
  to: Endpoint;
}

/** What a proxy reports of one connection. The ledger pairs its two ends by the addresses and compares the counts. */
export interface Relayed {
  proxyId: string;
  /** From the dialer to the proxy. */
  dialerSide: Side;
  /** From the proxy to the acceptor; null if the acceptor was never reached. */
  acceptorSide: Side | null;
  dialerToAcceptor: LaneCounts;
  acceptorToDialer: LaneCounts;
}

export interface RelayedConnectionOptions {
  proxyId: string;
  dialer: Socket;
  target: { host: string; port: number };
  random: () => number;
  /** The current faults of the proxy. */
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
  /** One of the two sockets was reset, or the acceptor refused. */
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
    this.#fromDialer = new Lane(dialer, this.#acceptor, random, (bytes) =>
      this.#noteLines(dialerLines, bytes),
    );
    this.#fromAcceptor = new Lane(this.#acceptor, dialer, random, (bytes) =>
      this.#noteLines(acceptorLines, bytes),
    );
    for (const socket of [dialer, this.#acceptor]) {
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

  /** Called when the proxy's faults change, or when new first lines may select other faults. */
  apply(): void {
    const conditions = conditionsFor(this.#options.faults(), this.firstLines);
    if (this.#isBroken && !conditions.isSilent) this.cut();
    else {
      if (!conditions.isSilent) this.#dial();
      this.#fromDialer.apply(conditions);
      this.#fromAcceptor.apply(conditions);
    }
  }

  /** Sends RST to both ends. */
  cut(): void {
    this.#closeLanes();
    for (const socket of [this.#dialer, this.#acceptor]) socket.resetAndDestroy();
  }

  /** Sends FIN to both ends. */
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

  /** The acceptor is not dialled while the connection is silent. */
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

  #noteLines(lines: FirstLines, bytes: Buffer): void {
    if (lines.isFull) return;
    lines.add(bytesText(bytes));
    this.apply();
  }
}
