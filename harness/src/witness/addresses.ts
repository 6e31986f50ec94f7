// The addresses of a connection as one text, the same for both of its ends.
import type { SocketRecord } from "./socket-record.ts";

type Endpoint = SocketRecord["local"];

/** Dialer's address and port, acceptor's address and port. */
export function connectionKey({ side, local, remote }: SocketRecord): string {
  return side === "dialer" ? addressKey(local, remote) : addressKey(remote, local);
}

export function addressKey(from: Endpoint, to: Endpoint): string {
  return `${plainAddress(from.address)}|${from.port}|${plainAddress(to.address)}|${to.port}`;
}

/** A dual-stack listener sees IPv4 peers as ::ffff:1.2.3.4. */
function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, "");
}
