// Makes the parts of the server and puts them together. Each part declares what it needs of the others.

import type { SignatureScheme } from "../game/signature.ts";
import type { Clock } from "../shared/clock/clock.ts";
import { Accounts } from "./accounts/accounts.ts";
import { type AttemptLimitOptions, AttemptLimits } from "./accounts/attempt-limits.ts";
import type { Hasher } from "./accounts/password-hasher.ts";
import { Sessions } from "./accounts/sessions.ts";
import { ControlConnections } from "./connections/control-connections.ts";
import { Heartbeats } from "./connections/heartbeat.ts";
import {
  DEFAULT_CONNECTIONS_PER_ADDRESS,
  UnauthenticatedConnections,
} from "./connections/unauthenticated-connections.ts";
import type { Directory } from "./directory/directory.ts";
import { MemoryDirectory } from "./directory/memory-directory.ts";
import type { EventLog } from "./event-log.ts";
import { type GrowthLimitOptions, GrowthLimits } from "./growth-limits.ts";
import { LobbyDesk } from "./lobby/lobby-desk.ts";
import type { Leaderboard } from "./results/leaderboard.ts";
import { MemoryLeaderboard } from "./results/memory-leaderboard.ts";
import { Results } from "./results/results.ts";
import type { Settled } from "./results/settled.ts";
import type { Store } from "./store/store.ts";

export interface Services {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly controls: ControlConnections;
  readonly desk: LobbyDesk;
  readonly directory: Directory;
  readonly heartbeats: Heartbeats;
  readonly leaderboard: Leaderboard;
  readonly log: EventLog;
  readonly results: Results;
  readonly unauthenticated: UnauthenticatedConnections;
  /** Call it when no connection is left; the store stays open. */
  close(): Promise<void>;
}

export interface ServicesOptions {
  heartbeatMs: number;
  abandonAfterMs?: number | undefined;
  moveLimitSeconds?: number | undefined;
  minPasswordLength: number;
  /** The limit of unauthenticated connections per address. */
  connectionsPerAddress?: number;
  clock: Clock;
  random(bytes: number): Buffer;
  store: Store;
  /** Default: in memory. */
  leaderboard?: Leaderboard;
  /** Default: in memory. */
  directory?: Directory;
  /** Closed with the services. */
  log: EventLog;
  hasher: Hasher;
  signatures?: SignatureScheme | undefined;
  /** null: neither these nor the limits against growth. */
  attemptLimits?: Partial<AttemptLimitOptions> | null;
  growthLimits?: Partial<GrowthLimitOptions> | undefined;
}

export async function openServices(options: ServicesOptions): Promise<Services> {
  const { clock, random, store, log, hasher, minPasswordLength } = options;
  const directory = options.directory ?? new MemoryDirectory();
  const leaderboard =
    options.leaderboard ?? new MemoryLeaderboard(await store.scores(), () => store.scores());
  const controls = new ControlConnections(random);
  const heartbeats = new Heartbeats(clock, options.heartbeatMs);
  const onSettled = (settled: Settled) => desk.settle(settled);
  const whereabouts = options.directory ? (user: string) => directory.whereabouts(user) : undefined;
  const results = await Results.open({
    store,
    clock,
    random,
    leaderboard,
    onSettled,
    onAbandoned: (matchId, by) => directory.sendToAll({ kind: "matchAbandoned", matchId, by }),
    onMissed: (settled) => desk.tellSettled(settled),
    whereabouts,
    abandonAfterMs: options.abandonAfterMs,
    moveLimitSeconds: options.moveLimitSeconds,
    signatures: options.signatures,
  });
  const { connectionsPerAddress = DEFAULT_CONNECTIONS_PER_ADDRESS } = options;
  const unauthenticated = new UnauthenticatedConnections(connectionsPerAddress, (address) =>
    log.violation(address, `more than ${connectionsPerAddress} unauthenticated connections`),
  );
  const growth = options.attemptLimits === null ? null : new GrowthLimits(clock, options.growthLimits);
  const desk = new LobbyDesk({ clock, controls, directory, growth, log, results });
  const accounts = new Accounts({
    store,
    hasher,
    sessions: new Sessions(store, clock, random),
    limits: options.attemptLimits === null ? null : new AttemptLimits(clock, options.attemptLimits),
    growth,
    minPasswordLength,
    onRegistered: (user) => leaderboard.add(user, 0),
  });
  await directory.join(desk.otherServers);
  if (options.directory) await desk.otherServers.reconcile();
  const close = async () => {
    heartbeats.stop();
    desk.stop();
    await results.close();
    await directory.close();
    log.close();
  };
  return {
    accounts,
    clock,
    controls,
    desk,
    directory,
    heartbeats,
    leaderboard,
    log,
    results,
    unauthenticated,
    close,
  };
}
