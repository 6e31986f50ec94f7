// A TLS connection: what must not be overheard (docs/PROTOCOL.md §2). It speaks for the control connection that it
// is bound to, and ends when it is not used.
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
import type { Services } from "../services.ts";
import type { ControlConnection } from "./control-connection.ts";
import type { Stranger } from "./strangers.ts";
import { answerUnreadable, logUnread, refuseMalformed } from "./unreadable.ts";

export const TLS_IDLE_LIMIT_MS = 30_000;

type Request<N extends TlsFromClient["name"]> = Extract<TlsFromClient, { name: N }>;
type Refused = { ok: false; code: string; seconds?: number };

export class TlsConnection implements LineHandlers, Stranger {
  readonly address: string;
  readonly #services: Services;
  readonly #line: LineConnection;
  #control: ControlConnection | null = null;
  #stopIdling: () => void;

  constructor(services: Services, open: (handlers: LineHandlers) => LineConnection) {
    this.#services = services;
    this.#line = open(this);
    this.address = this.#line.remoteAddress;
    services.strangers.add(this);
    this.#stopIdling = this.#startIdling();
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
    refuseMalformed(this.#line, this.#services.log);
    this.#leave();
  }

  onClose(error: Error | null): void {
    logUnread(this.address, error, this.#services.log);
    this.#leave();
  }

  end(): void {
    this.#line.end();
    this.#leave();
  }

  giveWay(): void {
    this.#line.destroy();
  }

  /** The control connection may be bound anew, though this one still waits for its client to close. */
  #leave(): void {
    this.#stopIdling();
    this.#services.strangers.delete(this);
    this.#control?.detachTls(this);
  }

  #startIdling(): () => void {
    return this.#services.clock.after(TLS_IDLE_LIMIT_MS, () => this.end());
  }

  async #answer(line: string): Promise<void> {
    const parsed = parseMessage(tlsFromClient, line);
    if (parsed.ok && parsed.message.name === "bind") return this.#bind(parsed.message);
    const control = this.#control;
    if (!control) return this.#refuseUnbound(line);
    if (!parsed.ok) return answerUnreadable(this.#line, parsed, this.#services.log);
    const request = parsed.message;
    if (request.name === "adduser") return this.#register(request);
    if (request.name === "login") return this.#login(request, control);
    if (request.name === "resume") return this.#resume(request, control);
    if (request.name === "passwd") return this.#changePassword(request, control);
  }

  #bind({ connectionId }: Request<"bind">): void {
    const control = this.#services.controls.byId(connectionId);
    if (this.#control || control?.tls) this.#refuse("bind", { ok: false, code: "ALREADY_BOUND" });
    else if (!control) this.#refuseUnknown();
    else {
      this.#control = control;
      this.#services.strangers.delete(this);
      control.attachTls(this);
      this.#send({ name: "bindACK", ticketKey: this.#services.results.ticketKey });
    }
  }

  #refuseUnknown(): void {
    this.#services.log.violation(this.address, "a connection id that nobody has");
    this.#refuse("bind", { ok: false, code: "UNKNOWN_CONNECTION" });
  }

  async #register({ user, password }: Request<"adduser">): Promise<void> {
    const added = await this.#services.accounts.register(user, password, this.address);
    if (added.ok) this.#send({ name: "adduserACK", user: added.user });
    else this.#refuse("adduser", added);
  }

  async #login({ user, password, publicKey }: Request<"login">, control: ControlConnection): Promise<void> {
    const { accounts, log, desk } = this.#services;
    // Whoever is logged in already hears first whether the password was right; no session changes.
    if (control.player) {
      const checked = await accounts.checkPassword(user, password, this.address);
      return this.#refuseLogin(user, checked.ok ? { ok: false, code: "ALREADY_LOGGED_IN" } : checked);
    }
    const entered = await accounts.login(user, password, this.address);
    if (!entered.ok) return this.#refuseLogin(user, entered);
    log.loggedIn(entered.user, this.address);
    await desk.enter(control, entered, publicKey);
    this.#send({ name: "loginACK", user: entered.user, token: entered.token });
  }

  #refuseLogin(user: string, refused: Refused): void {
    const { log } = this.#services;
    if (refused.code === "BAD_CREDENTIALS") log.loginFailed(user, this.address);
    this.#refuse("login", refused);
  }

  async #resume({ token, publicKey }: Request<"resume">, control: ControlConnection): Promise<void> {
    const { accounts, log, desk } = this.#services;
    const resumed = await accounts.resume(token);
    if (!resumed.ok) return this.#refuse("resume", resumed);
    if (control.player) return this.#refuse("resume", { ok: false, code: "ALREADY_LOGGED_IN" });
    log.loggedIn(resumed.user, this.address);
    await desk.enter(control, resumed, publicKey);
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
    const changed = await this.#services.accounts.changePassword(change);
    if (changed.ok) this.#send({ name: "passwdACK" });
    else this.#refuse("passwd", changed);
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
    this.#line.send(formatError(request, code, seconds));
  }
}
