// The address at which one player reaches the other (docs/PROTOCOL.md §5, §9).
import { kindOfHost } from "../../net/host-kind.ts";

export interface ControlEnds {
  readonly address: string;
  readonly serverAddress: string;
}

/**
 * What `player` announced, else the address of its control connection; when only it sits on the server's machine, that
 * machine's as the other knows it.
 */
export function peerHost(
  player: { address: string; announcedHost: string | undefined },
  other: ControlEnds,
): string {
  const { announcedHost, address } = player;
  const isFromHere = isLoopback(other.address);
  if (announcedHost !== undefined && (isFromHere || !isLoopback(announcedHost))) return announcedHost;
  return isLoopback(address) && !isFromHere ? other.serverAddress : address;
}

/** Whether a client that is connected from `address` may announce `host`. */
export function mayAnnounce(host: string, address: string): boolean {
  const kind = kindOfHost(host);
  if (kind === "multicast" || kind === "unspecified") return false;
  const isNear = kind === "loopback" || kind === "link-local";
  return !isNear || ["loopback", "link-local"].includes(kindOfHost(address));
}

function isLoopback(host: string): boolean {
  return kindOfHost(host) === "loopback";
}
