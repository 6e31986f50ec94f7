// The shipped server in one simulated process: its services and connections on a simulated disk and network.
import type { SignatureScheme } from "../../src/game/signature.ts";
import { LineConnection, type LineHandlers } from "../../src/net/line-connection.ts";
import { MAX_LINE_BYTES } from "../../src/protocol/line.ts";
import type { Hasher } from "../../src/server/accounts/password-hasher.ts";
import { MainPortConnection } from "../../src/server/connections/main-port-connection.ts";
import { TlsConnection } from "../../src/server/connections/tls-connection.ts";
import { EventLog } from "../../src/server/event-log.ts";
import { MemoryLeaderboard } from "../../src/server/results/memory-leaderboard.ts";
import { openServices, type Services } from "../../src/server/services.ts";
import type { Chance } from "../../src/shared/chance/chance.ts";
import type { Clock } from "../../src/shared/clock/clock.ts";
import type { MemoryStore } from "./memory-store.ts";
import { randomBytesFrom } from "./random-bytes.ts";
import type { VirtualListener, VirtualNetwork } from "./virtual-network.ts";
import type { VirtualProcess } from "./virtual-process.ts";
import type { VirtualSocket } from "./virtual-socket.ts";

export const SERVER_HOST = "server";
export const MAIN_PORT = 3000;
const TLS_PORT = 3001;
const HEARTBEAT_MS = 10_000;
const HASH_MS = 12;
const STOP_GRACE_MS = 500;
/** The time at the start of a log line: `[YYYY-MM-DD HH:MM:SS +HH:MM] `. */
const TIME_WIDTH = 29;

export interface ServerParts {
  process: VirtualProcess;
  store: MemoryStore;
  network: VirtualNetwork;
  chance: Chance;
  signatures: SignatureScheme;
  /** Used instead of the clock of the process. */
  clock?: Clock | undefined;
  onLog(line: string): void;
}

export class SimulatedServer {
  readonly process: VirtualProcess;
  readonly store: MemoryStore;
  readonly #parts: ServerParts;
  leaderboard = new MemoryLeaderboard([]);
  #services: Services | null = null;
  #isStopping = false;
  #listeners: VirtualListener[] = [];

  constructor(parts: ServerParts) {
    this.process = parts.process;
    this.store = parts.store;
    this.#parts = parts;
  }

  /** Null while the server starts, and after its end. */
  get services(): Services | null {
    return this.process.isAlive ? this.#services : null;
  }

  /** Rejects when it cannot start; the caller ends the process then. */
  async start(): Promise<void> {
    const { process, store, network, chance, signatures, clock, onLog } = this.#parts;
    const append = (lines: string) => {
      for (const line of lines.trimEnd().split("\n")) onLog(line.slice(TIME_WIDTH));
    };
    this.leaderboard = new MemoryLeaderboard(await store.scores(), () => store.scores());
    const services = await openServices({
      heartbeatMs: HEARTBEAT_MS,
      minPasswordLength: 8,
      clock: clock ?? process,
      random: randomBytesFrom(chance),
      store,
      leaderboard: this.leaderboard,
      log: new EventLog({ append, close: () => {} }, process),
      hasher: instantHasher(process),
      signatures,
      attemptLimits: null,
    });
    const { lastRunEndedNormally } = await store.beginRun();
    services.log.started(MAIN_PORT);
    services.log.lastRun(lastRunEndedNormally, services.results.openMatches());
    this.#services = services;
    this.#listeners = [
      network.listen(process, MAIN_PORT, (socket) => {
        new MainPortConnection(services, TLS_PORT, lines(socket));
      }),
      network.listen(process, TLS_PORT, (socket) => {
        new TlsConnection(services, lines(socket));
      }),
    ];
  }

  /** Stops as on SIGTERM; the process has ended when this resolves. */
  async stop(): Promise<void> {
    const { services, process, store } = this;
    if (this.#isStopping) return;
    this.#isStopping = true;
    if (!services) return process.kill(false);
    for (const listener of this.#listeners) listener.close();
    for (const control of [...services.controls]) control.disconnect("SHUTDOWN");
    await process.wait(STOP_GRACE_MS);
    for (const socket of [...process.sockets]) socket.destroy();
    services.log.shuttingDown();
    await services.close();
    await store.endRun().catch(() => {});
    await store.close();
    process.kill(false);
  }
}

function lines(socket: VirtualSocket): (handlers: LineHandlers) => LineConnection {
  const options = { maxLineBytes: MAX_LINE_BYTES, after: socket.owner.after };
  return (handlers) => new LineConnection(socket, options, handlers);
}

/** Takes as long as argon2id in simulated time, and no CPU. */
function instantHasher(process: VirtualProcess): Hasher {
  return {
    async hash(password) {
      await process.wait(HASH_MS);
      return { ok: true, value: hashed(password) };
    },
    async verify(passwordHash, password) {
      await process.wait(HASH_MS);
      return { ok: true, value: passwordHash === hashed(password) };
    },
  };
}

export function hashed(password: string): string {
  return `hash of ${password}`;
}
