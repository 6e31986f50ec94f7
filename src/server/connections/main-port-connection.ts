// A connection to the main port. The server speaks first; the client's first message tells a heartbeat connection
// from a control connection (docs/PROTOCOL.md §2), and until then it stands among the control connections.
import type { LineConnection, LineHandlers } from "../../net/line-connection.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import type { ErrorCode } from "../../protocol/errors.ts";
import { controlFromServer, heartbeatFromClient } from "../../protocol/messages.ts";
import type { Timer } from "../clock.ts";
import type { Services } from "../services.ts";
import { ControlConnection } from "./control-connection.ts";
import { HeartbeatConnection } from "./heartbeat-connection.ts";
import { answerUnreadable, refuseMalformed } from "./unreadable.ts";

/** The log counts clients, so it waits a moment for a connection that turns out to be a client's heartbeat. */
const INTRODUCTION_WAIT_MS = 100;

export class MainPortConnection implements LineHandlers {
  readonly #services: Services;
  readonly #line: LineConnection;
  #role: ControlConnection | HeartbeatConnection;
  #hasSpoken = false;
  #introduction: Timer | null;

  constructor(services: Services, tlsPort: number, open: (handlers: LineHandlers) => LineConnection) {
    this.#services = services;
    this.#line = open(this);
    const control = new ControlConnection(services, this.#line, () => this.#introduce());
    this.#role = control;
    this.#introduction = services.clock.setTimer(INTRODUCTION_WAIT_MS, () => this.#introduce());
    const greeting = { name: "secport", tlsPort, connectionId: control.id } as const;
    this.#line.send(formatMessage(controlFromServer, greeting));
  }

  onLine(line: string): void | Promise<void> {
    if (this.#hasSpoken) return this.#role.onLine(line);
    if (line.split(";", 1)[0] === "heartbeat") return this.#becomeHeartbeat(line);
    this.#hasSpoken = true;
    this.#introduce();
    return this.#role.onLine(line);
  }

  onMalformed(): void {
    refuseMalformed(this.#line, this.#services.log);
  }

  onClose(): void {
    if (this.#role instanceof ControlConnection) {
      this.#introduce();
      this.#services.log.disconnected(this.#line.remoteAddress, this.#line.remotePort);
    }
    this.#role.onClose();
  }

  /** When it is refused, the connection may try again or become a control connection after all. */
  #becomeHeartbeat(line: string): void {
    const parsed = parseMessage(heartbeatFromClient, line);
    if (!parsed.ok) answerUnreadable(this.#line, parsed);
    else if (parsed.message.name === "heartbeat") {
      const control = this.#services.controls.byId(parsed.message.connectionId);
      const refusal = this.#refusal(control);
      if (refusal || !control) this.#line.send(formatError("heartbeat", refusal ?? "UNKNOWN_CONNECTION"));
      else this.#serveHeartbeatOf(control);
    }
  }

  #refusal(control: ControlConnection | undefined): ErrorCode | null {
    if (this.#isControl) return "WRONG_CONNECTION";
    if (!control || control === this.#role) return "UNKNOWN_CONNECTION";
    return control.heartbeat ? "ALREADY_BOUND" : null;
  }

  #serveHeartbeatOf(control: ControlConnection): void {
    if (this.#role instanceof ControlConnection) this.#role.withdraw();
    this.#introduction?.cancel();
    this.#hasSpoken = true;
    this.#role = new HeartbeatConnection(this.#services, this.#line, control);
  }

  /** Something was bound to it: it has shown what it is without a word. */
  get #isControl(): boolean {
    return this.#role instanceof ControlConnection && this.#role.isBound;
  }

  #introduce(): void {
    if (!this.#introduction) return;
    this.#introduction.cancel();
    this.#introduction = null;
    this.#services.log.connected(this.#line.remoteAddress, this.#line.remotePort);
  }
}
