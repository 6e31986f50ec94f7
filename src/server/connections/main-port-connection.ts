// A connection to the main port. The server speaks first; the client's first message tells a heartbeat connection
// from a control connection (docs/PROTOCOL.md §2), and until then it stands among the control connections.
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

  /** What it was is over at once, though the connection still waits for its client to close. */
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

  /** When it is refused, the connection may try again or become a control connection after all. */
  #becomeHeartbeat(line: string): void {
    const { controls, log } = this.#ports;
    const parsed = parseMessage(heartbeatFromClient, line);
    if (!parsed.ok) answerUnreadable(this.#line, parsed, log);
    else if (parsed.message.name === "heartbeat") {
      const control = controls.byId(parsed.message.connectionId);
      const refusal = this.#refusal(control);
      if (!control) log.violation(this.#line.remoteAddress, "a connection id that nobody has");
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

  /** Something was bound to it once: it has shown what it is without a word. */
  get #isControl(): boolean {
    return this.#role instanceof ControlConnection && this.#isClient;
  }

  /** The log tells of clients, who have more than one connection: not of whoever comes and goes. */
  #introduce(): void {
    if (this.#isClient) return;
    this.#isClient = true;
    this.#isLogged = this.#ports.log.connected(this.#line.remoteAddress, this.#line.remotePort);
  }
}
