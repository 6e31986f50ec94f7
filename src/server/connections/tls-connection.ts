// A TLS connection, for passwords and tokens (docs/PROTOCOL.md §2). It acts for the control connection that it is bound
// to, and is closed when it is idle.
import type { LineConnection, LineHandlers } from "../../net/line-connection.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import { isErrorCode } from "../../protocol/errors.ts";
import {
  isKnownName,
  type TlsFromClient,
  type TlsFromServer,
  tlsFromClient,
  tlsFromServer,
} from "../../protocol/messages.ts";
import type { Clock } from "../../shared/clock/clock.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { EventLog } from "../event-log.ts";
import type { LobbyDesk } from "../lobby/lobby-desk.ts";
import type { Results } from "../results/results.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { UnauthenticatedConnection, UnauthenticatedConnections } from "./unauthenticated-connections.ts";
import { answerUnreadable, logUnread, refuseMalformed } from "./unreadable.ts";

export const TLS_IDLE_LIMIT_MS = 30_000;

type Request<N extends TlsFromClient["name"]> = Extract<TlsFromClient, { name: N }>;
type Refused = { ok: false; code: string; seconds?: number };

/** What a TLS connection needs of the rest of the server. */
export interface TlsPorts {
  readonly accounts: Pick<Accounts, "register" | "login" | "checkPassword" | "resume" | "changePassword">;
  readonly clock: Pick<Clock, "after">;
  readonly controls: { byId(connectionId: string): ControlConnection | undefined };
  readonly desk: Pick<LobbyDesk, "enter">;
  readonly log: Pick<
    EventLog,
    "bannedLogin" | "limited" | "loggedIn" | "loginFailed" | "passwordChanged" | "registered" | "violation"
  >;
  readonly results: Pick<Results, "ticketKey">;
  readonly unauthenticated: Pick<UnauthenticatedConnections, "add" | "delete">;
}

export class TlsConnection implements LineHandlers, UnauthenticatedConnection {
  readonly address: string;
  readonly #ports: TlsPorts;
  readonly #line: LineConnection;
  #control: ControlConnection | null = null;
  #stopIdling: () => void;

  constructor(ports: TlsPorts, open: (handlers: LineHandlers) => LineConnection) {
    this.#ports = ports;
    this.#line = open(this);
    this.address = this.#line.remoteAddress;
    ports.unauthenticated.add(this);
    this.#stopIdling = this.#startIdling();
  }

  get isUnauthenticated(): boolean {
    return this.#control?.isUnauthenticated ?? true;
  }

  async onLine(line: string): Promise<void> {
    this.#stopIdling();
    try {
      await this.#answer(line);
    } finally {
      if (this.#line.isOpen) this.#stopIdling = this.#startIdling();
    }
  }

  onMalformed(): void {
    refuseMalformed(this.#line, this.#ports.log);
    this.#leave();
  }

  onClose(error: Error | null): void {
    logUnread(this.address, error, this.#ports.log);
    this.#leave();
  }

  end(): void {
    this.#line.end();
    this.#leave();
  }

  evict(): void {
    this.#line.destroy();
  }

  /** The control connection can be bound again, though this one still waits for its client to close. */
  #leave(): void {
    this.#stopIdling();
    this.#ports.unauthenticated.delete(this);
    this.#control?.detachTls(this);
  }

  #startIdling(): () => void {
    return this.#ports.clock.after(TLS_IDLE_LIMIT_MS, () => this.end());
  }

  async #answer(line: string): Promise<void> {
    const parsed = parseMessage(tlsFromClient, line);
    if (parsed.ok && parsed.message.name === "bind") return this.#bind(parsed.message);
    const control = this.#control;
    if (!control) return this.#refuseUnbound(line);
    if (!parsed.ok) return answerUnreadable(this.#line, parsed, this.#ports.log);
    const request = parsed.message;
    switch (request.name) {
      case "bind":
        return this.#bind(request);
      case "adduser":
        return this.#register(request);
      case "login":
        return this.#login(request, control);
      case "resume":
        return this.#resume(request, control);
      case "passwd":
        return this.#changePassword(request, control);
      default:
        request satisfies never;
    }
  }

  #bind({ connectionId }: Request<"bind">): void {
    const control = this.#ports.controls.byId(connectionId);
    if (this.#control || control?.hasTls) this.#refuse("bind", { ok: false, code: "ALREADY_BOUND" });
    else if (!control) this.#refuseUnknown();
    else {
      this.#control = control;
      this.#ports.unauthenticated.delete(this);
      control.attachTls(this);
      this.#send({ name: "bindACK", ticketKey: this.#ports.results.ticketKey });
    }
  }

  #refuseUnknown(): void {
    this.#ports.log.violation(this.address, "an unknown connection id");
    this.#refuse("bind", { ok: false, code: "UNKNOWN_CONNECTION" });
  }

  async #register({ user, password }: Request<"adduser">): Promise<void> {
    const added = await this.#ports.accounts.register(user, password, this.address);
    if (!added.ok) return this.#refuse("adduser", added);
    this.#ports.log.registered(added.user, this.address);
    this.#send({ name: "adduserACK", user: added.user });
  }

  async #login(
    { user, password, publicKey, disputes: knowsDisputes }: Request<"login">,
    control: ControlConnection,
  ): Promise<void> {
    const { accounts, log, desk } = this.#ports;
    // When somebody is logged in here already, the password is checked first; no session changes.
    if (control.player) {
      const checked = await accounts.checkPassword(user, password, this.address);
      return this.#refuseLogin(user, checked.ok ? { ok: false, code: "ALREADY_LOGGED_IN" } : checked);
    }
    const entered = await accounts.login(user, password, this.address);
    if (!entered.ok) return this.#refuseLogin(user, entered);
    log.loggedIn(entered.user, this.address);
    await desk.enter(control, entered, { publicKey, knowsDisputes });
    this.#send({ name: "loginACK", user: entered.user, token: entered.token });
  }

  #refuseLogin(user: string, refused: Refused): void {
    const { log } = this.#ports;
    if (refused.code === "BAD_CREDENTIALS") log.loginFailed(user, this.address);
    if (refused.code === "BANNED") log.bannedLogin(user, this.address);
    this.#refuse("login", refused);
  }

  async #resume(
    { token, publicKey, disputes: knowsDisputes }: Request<"resume">,
    control: ControlConnection,
  ): Promise<void> {
    const { accounts, log, desk } = this.#ports;
    const resumed = await accounts.resume(token);
    if (!resumed.ok) return this.#refuse("resume", resumed);
    if (control.player) return this.#refuse("resume", { ok: false, code: "ALREADY_LOGGED_IN" });
    log.loggedIn(resumed.user, this.address);
    await desk.enter(control, resumed, { publicKey, knowsDisputes });
    this.#send({ name: "resumeACK", user: resumed.user, token: resumed.token });
  }

  async #changePassword(
    { oldPassword, newPassword }: Request<"passwd">,
    control: ControlConnection,
  ): Promise<void> {
    const { player, token } = control;
    if (!player || token === null) return this.#refuse("passwd", { ok: false, code: "NOT_LOGGED_IN" });
    const { user } = player;
    const change = { user, token, oldPassword, newPassword, address: this.address };
    const changed = await this.#ports.accounts.changePassword(change);
    if (!changed.ok) return this.#refuse("passwd", changed);
    this.#ports.log.passwordChanged(user, this.address);
    this.#send({ name: "passwdACK" });
  }

  #refuseUnbound(line: string): void {
    const name = line.split(";", 1)[0] as string;
    if (/(ACK|ERR)$/.test(name)) return;
    if (name === "bind") this.#refuse(name, { ok: false, code: "BAD_ARGUMENTS" });
    else if (isKnownName(name)) this.#refuse(name, { ok: false, code: "NOT_BOUND" });
    else this.#refuse("", { ok: false, code: "UNKNOWN_COMMAND" });
  }

  #send(message: TlsFromServer): void {
    this.#line.send(formatMessage(tlsFromServer, message));
  }

  #refuse(request: string, { code, seconds }: Refused): void {
    if (!isErrorCode(code)) throw new Error(`no such code: ${code}`);
    if (seconds !== undefined) this.#ports.log.limited(request, this.address, seconds);
    this.#line.send(formatError(request, code, seconds));
  }
}
