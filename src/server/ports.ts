// The server's ports: the main one as configured, TLS on the next one that is free.

import type { LineConnectionOptions } from "../net/line-connection.ts";
import {
  type Accept,
  type Certificate,
  type Listener,
  listenPlain,
  listenTls,
  type TlsListenOptions,
} from "../net/listener.ts";
import { StartupError } from "./startup-error.ts";

const HIGHEST_PORT = 65_535;

export async function openMainPort(
  host: string | undefined,
  port: number,
  limits: LineConnectionOptions,
  accept: Accept,
): Promise<Listener> {
  try {
    return await listenPlain({ host, port }, limits, accept);
  } catch (cause) {
    throw cannotListen({ host, port }, cause);
  }
}

export async function openTlsPort(
  host: string | undefined,
  mainPort: number,
  certificate: Certificate,
  limits: TlsListenOptions,
  accept: Accept,
): Promise<Listener> {
  for (let port = mainPort + 1; port <= HIGHEST_PORT; port++) {
    try {
      return await listenTls({ host, port }, certificate, limits, accept);
    } catch (cause) {
      if (codeOf(cause) !== "EADDRINUSE") throw cannotListen({ host, port }, cause);
    }
  }
  return listenTls({ host, port: 0 }, certificate, limits, accept);
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}

/** `hostOption` is the command-line option for the address. */
export function cannotListen(
  { host, port, hostOption = "--host" }: { host: string | undefined; port: number; hostOption?: string },
  cause: unknown,
): StartupError {
  const code = codeOf(cause);
  const where = host === undefined ? `port ${port}` : `${host} port ${port}`;
  const reasons: Record<string, string> = {
    EADDRINUSE: "another program listens there; stop it, or name another port (0 takes a free one)",
    EACCES: "that needs more rights; name a port from 1024 on",
    EADDRNOTAVAIL: `this machine does not have that address; name one of its own with ${hostOption}`,
    ENOTFOUND: `there is no such host; name an address of this machine with ${hostOption}`,
  };
  const reason = reasons[code] ?? `${code}; name another port, or another address with ${hostOption}`;
  return new StartupError(`cannot listen on ${where}: ${reason}`, { cause });
}
