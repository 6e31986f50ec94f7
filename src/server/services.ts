// What every connection of the server works with, made once and put together here.

import type { SignatureScheme } from "../game/signature.ts";
import type { Clock } from "../shared/clock/clock.ts";
import { Accounts } from "./accounts/accounts.ts";
import { type AttemptLimitOptions, AttemptLimits } from "./accounts/attempt-limits.ts";
import type { Hasher } from "./accounts/password-hasher.ts";
import { Sessions } from "./accounts/sessions.ts";
import { ControlConnections } from "./connections/control-connections.ts";
import { Heartbeats } from "./connections/heartbeat.ts";
import { DEFAULT_CONNECTIONS_PER_ADDRESS, Strangers } from "./connections/strangers.ts";
import type { Directory } from "./directory/directory.ts";
import { MemoryDirectory } from "./directory/memory-directory.ts";
import type { EventLog } from "./event-log.ts";
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
  readonly strangers: Strangers;
  /** When no connection is left; the store stays open. */
  close(): Promise<void>;
}

export interface ServicesOptions {
  heartbeatMs: number;
  abandonAfterMs?: number;
  minPasswordLength: number;
  /** How many on which nobody is logged in. */
  connectionsPerAddress?: number;
  clock: Clock;
  random(bytes: number): Buffer;
  store: Store;
  /** In memory, if none is handed in. */
  leaderboard?: Leaderboard;
  /** In memory, if none is handed in. */
  directory?: Directory;
  /** Closed with the services. */
  log: EventLog;
  hasher: Hasher;
  signatures?: SignatureScheme;
  attemptLimits?: Partial<AttemptLimitOptions> | null;
}

export async function openServices(options: ServicesOptions): Promise<Services> {
  const { clock, random, store, log, hasher, minPasswordLength } = options;
  const directory = options.directory ?? new MemoryDirectory();
  const signatures = options.signatures ? { signatures: options.signatures } : {};
  const leaderboard =
    options.leaderboard ?? new MemoryLeaderboard(await store.scores(), () => store.scores());
  const controls = new ControlConnections(random);
  const heartbeats = new Heartbeats(clock, options.heartbeatMs);
  const onSettled = (settled: Settled) => desk.settle(settled);
  const { abandonAfterMs } = options;
  const patience = abandonAfterMs === undefined ? {} : { abandonAfterMs };
  const results = await Results.open({
    ...{ store, clock, random, leaderboard, onSettled },
    onAbandoned: (matchId, by) => directory.sendToAll({ kind: "matchAbandoned", matchId, by }),
    onMissed: (settled) => desk.tellSettled(settled),
    ...(options.directory ? { whereabouts: (user: string) => directory.whereabouts(user) } : {}),
    ...signatures,
    ...patience,
  });
  const { connectionsPerAddress = DEFAULT_CONNECTIONS_PER_ADDRESS } = options;
  const strangers = new Strangers(connectionsPerAddress, (address) =>
    log.violation(address, `more than ${connectionsPerAddress} connections on which nobody is logged in`),
  );
  const desk = new LobbyDesk({ clock, controls, directory, log, results, strangers });
  const accounts = new Accounts({
    store,
    hasher,
    sessions: new Sessions(store, clock, random),
    limits: options.attemptLimits === null ? null : new AttemptLimits(clock, options.attemptLimits),
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
    strangers,
    close,
  };
}
