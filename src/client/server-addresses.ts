// Where the servers of a game are, as people write it: `example.org`, `a:3000,b:3000`, `[::1]:3000`. All serve the same
// users; a client goes to the next when its own is gone.
import type { ServerAddress } from "./links/server-connection.ts";

export type ServerAddresses = readonly [ServerAddress, ...ServerAddress[]];

/** Null when it cannot be read. */
export function readServerAddresses(text: string, defaultPort: number): ServerAddresses | null {
  const [first, ...others] = text.split(",").map((each) => readAddress(each.trim(), defaultPort));
  if (!first || others.includes(null)) return null;
  return [first, ...others.filter((address) => address !== null)];
}

/** The same addresses starting at another one, to spread many clients. */
export function startingAt(addresses: ServerAddresses, index: number): ServerAddresses {
  const at = index % addresses.length;
  const [first = addresses[0], ...others] = [...addresses.slice(at), ...addresses.slice(0, at)];
  return [first, ...others];
}

function readAddress(text: string, defaultPort: number): ServerAddress | null {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  // An address of IPv6 without brackets has no port.
  const host = bracketed ?? plain ?? (/^[0-9a-f.]*:[0-9a-f.]*:[0-9a-f:.]*$/i.test(text) ? text : null);
  const number = port === undefined ? defaultPort : Number(port);
  return host === null || number < 1 || number > 65_535 ? null : { host, port: number };
}
