// What a fault proxy tells of one connection that went through it: who was joined, and the bytes it counted. The
// ledger finds the two ends by it, and has a second witness of what the probes counted.
import type { MeasuredSocket } from "../result/result.ts";
import type { LaneCounts } from "./lane.ts";

type Endpoint = MeasuredSocket["local"];

interface Side {
  from: Endpoint;
  to: Endpoint;
}

export interface Relayed {
  proxyId: string;
  /** From the dialer to the proxy. */
  dialerSide: Side;
  /** From the proxy to the acceptor; null if that was never reached. */
  acceptorSide: Side | null;
  dialerToAcceptor: LaneCounts;
  acceptorToDialer: LaneCounts;
}
