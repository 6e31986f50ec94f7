// What kind of address a host is, however it is written: some lead only to one's own machine or link.
import { BlockList, isIP } from "node:net";

export type HostKind = "loopback" | "link-local" | "multicast" | "unspecified" | "other";

const ranges: [HostKind, string, number, "ipv4" | "ipv6"][] = [
  ["loopback", "127.0.0.0", 8, "ipv4"],
  ["loopback", "::1", 128, "ipv6"],
  ["link-local", "169.254.0.0", 16, "ipv4"],
  ["link-local", "fe80::", 10, "ipv6"],
  ["multicast", "224.0.0.0", 4, "ipv4"],
  ["multicast", "ff00::", 8, "ipv6"],
  ["unspecified", "0.0.0.0", 32, "ipv4"],
  ["unspecified", "::", 128, "ipv6"],
];
const lists = ranges.map(([kind, address, prefix, family]) => {
  const list = new BlockList();
  list.addSubnet(address, prefix, family);
  return { kind, list };
});

/** A name is `other`, unless it can only mean this machine. */
export function kindOfHost(host: string): HostKind {
  if (/(^|\.)localhost\.?$/i.test(host)) return "loopback";
  const address = normalized(host);
  const family = isIP(address);
  if (family === 0) return "other";
  const found = lists.find(({ list }) => list.check(address, family === 6 ? "ipv6" : "ipv4"));
  return found?.kind ?? "other";
}

/** Resolvers also read 127.1, 0x7f.0.0.1 and 2130706433 as addresses, and a zone may follow an IPv6 address. */
function normalized(host: string): string {
  const withoutZone = host.replace(/%.*$/, "");
  if (isIP(withoutZone) !== 0 || !/^[0-9a-fx.]+$/i.test(host)) return withoutZone;
  return URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;
}
