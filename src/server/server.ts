// The whole server: opens what it keeps, listens, and hands each connection to its half of the protocol.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { type Listener, listenPlain, listenTls } from "../net/listener.ts";
import { MAX_LINE_BYTES } from "../protocol/line.ts";
import { Accounts } from "./accounts.ts";
import { AttemptLimits } from "./attempt-limits.ts";
import { loadOrMakeCertificate } from "./certificate.ts";
import { type Clock, systemClock } from "./clock.ts";
import { ControlConnections } from "./control-connections.ts";
import { EventLog } from "./event-log.ts";
import { Heartbeats } from "./heartbeat.ts";
import { Leaderboard } from "./leaderboard.ts";
import { LobbyDesk } from "./lobby-desk.ts";
import { MainPortConnection } from "./main-port-connection.ts";
import { PasswordHasher } from "./password-hasher.ts";
import { Results } from "./results.ts";
import type { Services } from "./services.ts";
import { Sessions } from "./sessions.ts";
import { openStore } from "./store/sqlite-store.ts";
import { TlsConnection } from "./tls-connection.ts";

const LIMITS = { maxLineBytes: MAX_LINE_BYTES };
/** After `disconnect;SHUTDOWN` clients have this long to read it. */
const STOP_GRACE_MS = 500;

export interface ServerOptions {
  /** undefined: all interfaces. */
  host?: string | undefined;
  /** 0: a free one. */
  port: number;
  dataDirectory: string;
  certsDirectory: string;
  heartbeatMs: number;
  minPasswordLength: number;
}

export interface RunningServer {
  /** As bound. */
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  /** Says goodbye to everybody; resolves when everything is closed and on disk. */
  stop(): Promise<void>;
}

/** Throws StartupError when it cannot start. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const certificate = await loadOrMakeCertificate(options.certsDirectory);
  const store = await openStore(options.dataDirectory);
  try {
    const services = await openServices(options, store);
    return await listen(options, certificate, services, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}
