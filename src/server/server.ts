// The whole server: opens the store, listens, hands each connection to its part of the protocol, and stops.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setImmediate as endOfTurn } from "node:timers/promises";
import type { Certificate, Listener, Open, TlsListenOptions } from "../net/listener.ts";
import { MAX_LINE_BYTES } from "../protocol/line.ts";
import { type Clock, wallClock } from "../shared/clock/clock.ts";
import type { AttemptLimitOptions } from "./accounts/attempt-limits.ts";
import { DEFAULT_HASH_QUEUE, type Hasher, PasswordHasher } from "./accounts/password-hasher.ts";
import { type AdminSocket, openAdminSocket } from "./admin/admin-socket.ts";
import { runAdminCommand } from "./admin/commands.ts";
import { loadOrMakeCertificate } from "./certificate/certificate.ts";
import { MainPortConnection } from "./connections/main-port-connection.ts";
import { TlsConnection } from "./connections/tls-connection.ts";
import type { Directory } from "./directory/directory.ts";
import { EventLog } from "./event-log.ts";
import type { GrowthLimitOptions } from "./growth-limits.ts";
import type { HttpAddress, HttpSurface } from "./http/http-surface.ts";
import { openLogFile, type RotatingLogFile } from "./log-file.ts";
import { rotateDaily } from "./log-rotation.ts";
import { openMainPort, openTlsPort } from "./ports.ts";
import { Renewal } from "./renewal.ts";
import type { Leaderboard } from "./results/leaderboard.ts";
import { ABANDON_LIMIT_MS } from "./results/results.ts";
import { openServices, type Services } from "./services.ts";
import { errorText } from "./startup-error.ts";
import { openStoreAt } from "./store/open-store.ts";
import { type Store, StoreError } from "./store/store.ts";

const LINE_LIMITS = { maxLineBytes: MAX_LINE_BYTES };
/** How long clients have to read `disconnect;SHUTDOWN`. */
const STOP_GRACE_MS = 500;

export interface ServerOptions {
  /** undefined: all interfaces. */
  host?: string | undefined;
  /** 0: a free one. */
  port: number;
  dataDirectory: string;
  /** Where accounts and results are instead of in the data folder: `postgres://…` */
  database?: string | undefined;
  /** Where users of several servers find each other: `redis://…` */
  presence?: string | undefined;
  certsDirectory: string;
  heartbeatMs: number;
  /** How long a match waits for a player who is gone, or for the report of the other. */
  abandonAfterMs?: number;
  /** How long a player may think in a dispute. */
  moveLimitSeconds?: number;
  /** In bytes. */
  minPasswordLength: number;
  /** null: passwords may be tried, and users added, without limit. */
  attemptLimits?: Partial<AttemptLimitOptions> | null;
  growthLimits?: Partial<GrowthLimitOptions> | undefined;
  /** The limit of unauthenticated connections per address. */
  connectionsPerAddress?: number;
  /** How many passwords may wait to be hashed. */
  hashQueue?: number;
  /** How long a TLS handshake may take. */
  handshakeMs?: number;
  clock?: Clock;
  random?: (bytes: number) => Buffer;
  /** How many days log.txt is kept; then each day has its own file. Default: one file, for good. */
  logKeepDays?: number | undefined;
  /** Of the HTTP surface, which is loaded only when this is set. */
  http?: HttpAddress | undefined;
  /** Called with each problem of the running server. */
  onTrouble?: (reason: string) => void;
}

export interface RunningServer {
  /** As bound. */
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number;
  /** Where the HTTP surface is, if it was asked for. */
  readonly httpUrl: string | null;
  /** Opens log.txt and reads the certificate anew; nobody is disconnected. Never throws: see `onTrouble`. */
  reload(): Promise<void>;
  /** Disconnects all clients; resolves when everything is closed and on disk. */
  stop(): Promise<void>;
}

/** Throws StartupError when it cannot start. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const certificate = await loadOrMakeCertificate(options.certsDirectory);
  const { clock = wallClock, onTrouble = () => {} } = options;
  let log: EventLog | null = null;
  const store = await openStoreAt(options, {
    onTrouble(reason) {
      log?.trouble(reason);
      if (log) log.totals.isStoreInTrouble = true;
      onTrouble(reason);
    },
    onRecovered() {
      log?.troubleOver();
      if (log) log.totals.isStoreInTrouble = false;
    },
  });
  try {
    const logFile = openLogFile(join(options.dataDirectory, "log.txt"));
    log = new EventLog(logFile, clock, onTrouble);
    const warning = store.file?.warning;
    if (warning) {
      log.trouble(warning);
      onTrouble(warning);
    }
    return await runOn({ store, log, logFile, clock }, certificate, options);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function runOn(
  { store, log, logFile, clock }: { store: Store; log: EventLog; logFile: RotatingLogFile; clock: Clock },
  certificate: Certificate,
  options: ServerOptions,
): Promise<RunningServer> {
  const { random = randomBytes, hashQueue = DEFAULT_HASH_QUEUE, certsDirectory, logKeepDays } = options;
  const onTrouble = options.onTrouble ?? (() => {});
  const hasher = new PasswordHasher({ maxWaiting: hashQueue });
  const shared = await openShared(options, { store, log, clock });
  const services = await openServices({ ...options, ...shared, clock, random, store, log, hasher });
  try {
    const ports = await openPorts(options, certificate, services);
    const http = await openHttp(options.http, ports, services);
    const { lastRunEndedNormally } = await store.beginRun();
    services.log.started(ports.main.port);
    services.log.lastRun(lastRunEndedNormally, services.results.openMatches());
    const renewal = new Renewal({ logFile, log, tls: ports.tls, certsDirectory, clock, onTrouble });
    const admin = await openAdmin(options, { hasher, renewal, store }, services);
    const stopRotation =
      logKeepDays === undefined ? null : rotateDaily(logFile, { keepDays: logKeepDays, clock, onTrouble });
    // The log writes at the end of a turn: both lines are in it before the program prints that it listens.
    await endOfTurn();
    ports.admit();
    const { host, port } = ports.main;
    let stopped: Promise<void> | null = null;
    const stopOnce = () => {
      admin?.close();
      stopRotation?.();
      stopped ??= stop(ports, http, services, store);
      return stopped;
    };
    return {
      host,
      port,
      tlsPort: ports.tls.port,
      httpUrl: http?.url ?? null,
      reload: () => renewal.reload(),
      stop: stopOnce,
    };
  } catch (error) {
    await services.close();
    throw error;
  }
}

/** What several servers share besides the store, if there are several. */
async function openShared(
  { presence, abandonAfterMs = ABANDON_LIMIT_MS, onTrouble }: ServerOptions,
  { store, log, clock }: { store: Store; log: EventLog; clock: Clock },
): Promise<{ directory?: Directory; leaderboard?: Leaderboard }> {
  if (presence === undefined) return {};
  const { openPresence } = await import("./directory/redis/open-presence.ts");
  return openPresence(presence, {
    store,
    nowMs: () => clock.nowMs(),
    patienceMs: abandonAfterMs,
    onTrouble(reason) {
      log.trouble(reason);
      onTrouble?.(reason);
    },
    onRecovered: () => log.troubleOver("the other servers are connected again"),
  });
}

interface Ports {
  main: Listener;
  tls: Listener;
  /** Until this is called, connections wait. */
  admit(): void;
}

async function openPorts(
  { host, port, handshakeMs }: ServerOptions,
  certificate: Certificate,
  services: Services,
): Promise<Ports> {
  let tlsPort: number | null = null;
  const waiting: Open[] = [];
  const main = await openMainPort(host, port, LINE_LIMITS, (open) => {
    if (tlsPort === null) waiting.push(open);
    else new MainPortConnection(services, tlsPort, open);
  });
  try {
    const { unauthenticated, log } = services;
    const tlsLimits: TlsListenOptions = {
      ...LINE_LIMITS,
      handshakeMs,
      onHandshake(address, evict) {
        const connection = { address, evict };
        unauthenticated.add(connection);
        return () => unauthenticated.delete(connection);
      },
      onHandshakeFailed: (address, code) => log.violation(address, `a failed TLS handshake: ${code}`),
    };
    const tls = await openTlsPort(host, main.port, certificate, tlsLimits, (open) => {
      new TlsConnection(services, open);
    });
    const admit = () => {
      tlsPort = tls.port;
      for (const open of waiting.splice(0)) new MainPortConnection(services, tls.port, open);
    };
    return { main, tls, admit };
  } catch (error) {
    await main.close(0);
    throw error;
  }
}

async function openHttp(
  address: HttpAddress | undefined,
  { main, tls }: Ports,
  services: Services,
): Promise<HttpSurface | null> {
  if (!address) return null;
  try {
    const { openHttpSurface } = await import("./http/http-surface.ts");
    return await openHttpSurface(address, services);
  } catch (error) {
    await Promise.all([main.close(0), tls.close(0)]);
    throw error;
  }
}

/** null: the game goes on without it. */
async function openAdmin(
  { dataDirectory, onTrouble }: ServerOptions,
  { hasher, renewal, store }: { hasher: Hasher; renewal: Renewal; store: Store },
  { clock, desk, directory, leaderboard, log }: Services,
): Promise<AdminSocket | null> {
  const live = {
    dismiss(user: string) {
      // A login that was stored just before may not have entered the lobby yet.
      setImmediate(() => {
        desk.otherServers.dismiss(user);
        void directory.sendToUser(user, { kind: "dismiss", user });
      });
    },
    leadersChanged: () => leaderboard.mayHaveMissed(),
    rotate: () => renewal.rotate(),
    isOnline: (user: string) => desk.lobby.playerNamed(user) !== undefined,
  };
  const ports = { store, hasher, log, nowMs: () => clock.nowMs(), live };
  try {
    return await openAdminSocket(dataDirectory, (asked) => runAdminCommand(ports, asked));
  } catch (error) {
    const reason = `velha admin cannot reach this server (${errorText(error)})`;
    log.trouble(reason);
    onTrouble?.(reason);
    return null;
  }
}

async function stop(
  { main, tls }: Ports,
  http: HttpSurface | null,
  services: Services,
  store: Store,
): Promise<void> {
  http?.announceEnd();
  const closed = Promise.all([main.close(STOP_GRACE_MS), tls.close(STOP_GRACE_MS)]);
  for (const control of [...services.controls]) control.disconnect("SHUTDOWN");
  await closed;
  await http?.close();
  services.log.shuttingDown();
  await services.close();
  try {
    await store.endRun();
  } catch (error) {
    // On a full disk nothing acknowledged is lost, but the next start will report an unexpected end.
    if (!(error instanceof StoreError)) throw error;
  }
  await store.close();
}
