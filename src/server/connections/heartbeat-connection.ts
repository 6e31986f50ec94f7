// A heartbeat connection: pings out, pongs in (docs/PROTOCOL.md §2). Without pongs its client is lost.
import type { LineConnection } from "../../net/line-connection.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import { heartbeatFromClient, heartbeatFromServer } from "../../protocol/messages.ts";
import type { EventLog } from "../event-log.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { Heartbeats, Pulse, PulseHandlers } from "./heartbeat.ts";
import { answerUnreadable } from "./unreadable.ts";

/** What a heartbeat connection needs of the rest of the server. */
export interface HeartbeatPorts {
  readonly heartbeats: Pick<Heartbeats, "intervalMs" | "start">;
  readonly log: Pick<EventLog, "violation">;
}

export class HeartbeatConnection implements PulseHandlers {
  readonly #line: LineConnection;
  readonly #control: ControlConnection;
  readonly #pulse: Pulse;
  readonly #log: HeartbeatPorts["log"];

  constructor({ heartbeats, log }: HeartbeatPorts, line: LineConnection, control: ControlConnection) {
    this.#line = line;
    this.#log = log;
    this.#control = control;
    const { intervalMs } = heartbeats;
    line.send(formatMessage(heartbeatFromServer, { name: "heartbeatACK", intervalMs }));
    this.#pulse = heartbeats.start(this);
    control.attachHeartbeat(this);
  }

  get isUnauthenticated(): boolean {
    return this.#control.isUnauthenticated;
  }

  onLine(line: string): void {
    const parsed = parseMessage(heartbeatFromClient, line);
    if (!parsed.ok) answerUnreadable(this.#line, parsed, this.#log);
    else if (parsed.message.name === "pong") this.#pulse.pong(parsed.message.n);
    else this.#line.send(formatError("heartbeat", "ALREADY_BOUND"));
  }

  onClose(): void {
    this.#pulse.stop();
    this.#control.detachHeartbeat(this);
  }

  end(): void {
    this.#pulse.stop();
    this.#line.end();
  }

  sendPing(n: number): void {
    this.#line.send(formatMessage(heartbeatFromServer, { name: "ping", n }));
  }

  onLost(): void {
    this.#control.loseHeartbeat();
  }
}
