// What every connection of the server works with, made once by server.ts.
import type { Accounts } from "./accounts.ts";
import type { Clock } from "./clock.ts";
import type { ControlConnections } from "./control-connections.ts";
import type { EventLog } from "./event-log.ts";
import type { Heartbeats } from "./heartbeat.ts";
import type { Leaderboard } from "./leaderboard.ts";
import type { LobbyDesk } from "./lobby-desk.ts";
import type { Results } from "./results.ts";

export interface Services {
  readonly accounts: Accounts;
  readonly clock: Clock;
  readonly controls: ControlConnections;
  readonly desk: LobbyDesk;
  readonly heartbeats: Heartbeats;
  readonly leaderboard: Leaderboard;
  readonly log: EventLog;
  readonly results: Results;
}
