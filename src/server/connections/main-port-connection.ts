// A connection to the main port. The server speaks first; the client's first message decides between a heartbeat and a
// control connection (docs/PROTOCOL.md §2). Until then it counts as a control connection.
import type { LineConnection, LineHandlers } from "../../net/line-connection.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { controlFromServer, heartbeatFromClient } from "../../protocol/messages.ts";
import type { EventLog } from "../event-log.ts";
import { ControlConnection, type ControlPorts } from "./control-connection.ts";
import { HeartbeatConnection, type HeartbeatPorts } from "./heartbeat-connection.ts";
import { answerUnreadable, logUnread, refuseMalformed } from "./unreadable.ts";

/** What a connection to the main port needs of the rest of the server. */
export type MainPortPorts = ControlPorts &
  HeartbeatPorts & {
    readonly controls: { byId(connectionId: string): ControlConnection | undefined };
    readonly log: Pick<EventLog, "connected" | "disconnected">;
  };

export class MainPortConnection implements LineHandlers {
  readonly #ports: MainPortPorts;
  readonly #line: LineConnection;
  #role: ControlConnection | HeartbeatConnection;
  #hasSpoken = false;
  #isClient = false;
  #isLogged = false;

  constructor(ports: MainPortPorts, tlsPort: number, open: (handlers: LineHandlers) => LineConnection) {
    this.#ports = ports;
    this.#line = open(this);
    const control = new ControlConnection(ports, this.#line, () => this.#introduce());
    this.#role = control;
    const greeting = { name: "secport", tlsPort, connectionId: control.id } as const;
    this.#line.send(formatMessage(controlFromServer, greeting));
  }

  get isUnauthenticated(): boolean {
    return this.#role.isUnauthenticated;
  }

  onLine(line: string): void | Promise<void> {
    if (!this.#hasSpoken && line.split(";", 1)[0] === "heartbeat") return this.#becomeHeartbeat(line);
    this.#hasSpoken = true;
    return this.#role.onLine(line);
  }

  /** Its role ends at once, though the connection still waits for its client to close. */
  onMalformed(): void {
    refuseMalformed(this.#line, this.#ports.log);
    this.#role.onClose();
  }

  onClose(error: Error | null): void {
    const { log } = this.#ports;
    const { remoteAddress, remotePort } = this.#line;
    logUnread(remoteAddress, error, log);
    if (this.#isLogged && this.#role instanceof ControlConnection)
      log.disconnected(remoteAddress, remotePort);
    this.#role.onClose();
  }

  /** After a refusal the connection may try again, or become a control connection. */
  #becomeHeartbeat(line: string): void {
    const { controls, log } = this.#ports;
    const parsed = parseMessage(heartbeatFromClient, line);
    if (!parsed.ok) answerUnreadable(this.#line, parsed, log);
    else if (parsed.message.name === "heartbeat") {
      const control = controls.byId(parsed.message.connectionId);
      const refusal = this.#refusal(control);
      if (!control) log.violation(this.#line.remoteAddress, "an unknown connection id");
      if (refusal || !control) this.#line.send(formatError("heartbeat", refusal ?? "UNKNOWN_CONNECTION"));
      else this.#serveHeartbeatOf(control);
    }
  }

  #refusal(control: ControlConnection | undefined): ErrorCode | null {
    if (this.#isControl) return "WRONG_CONNECTION";
    if (!control || control === this.#role) return "UNKNOWN_CONNECTION";
    return control.hasHeartbeat ? "ALREADY_BOUND" : null;
  }

  #serveHeartbeatOf(control: ControlConnection): void {
    if (this.#role instanceof ControlConnection) this.#role.withdraw();
    this.#hasSpoken = true;
    this.#role = new HeartbeatConnection(this.#ports, this.#line, control);
  }

  /** Another connection was bound to it, so it is a control connection whatever it sends. */
  get #isControl(): boolean {
    return this.#role instanceof ControlConnection && this.#isClient;
  }

  /** Logs a client once another connection is bound to it; connections that come and go are not logged. */
  #introduce(): void {
    if (this.#isClient) return;
    this.#isClient = true;
    this.#isLogged = this.#ports.log.connected(this.#line.remoteAddress, this.#line.remotePort);
  }
}
