// A control connection, and with it one client: its heartbeat, its TLS connection, who is logged in on it.
// Answers what can be answered at once; what takes two players goes to the lobby.

import { isSameUser } from "../../game/user-name.ts";
import type { LineConnection } from "../../net/line-connection.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import { isErrorCode } from "../../protocol/errors.ts";
import { readPeerEndpoints } from "../../protocol/fields.ts";
import {
  type ControlFromClient,
  type ControlFromServer,
  controlFromClient,
  controlFromServer,
} from "../../protocol/messages.ts";
import type { Player } from "../directory/player.ts";
import type { Services } from "../services.ts";
import type { HeartbeatConnection } from "./heartbeat-connection.ts";
import type { Stranger } from "./strangers.ts";
import type { WheelEntry } from "./timer-wheel.ts";
import type { TlsConnection } from "./tls-connection.ts";
import { answerUnreadable } from "./unreadable.ts";

type Request<N extends ControlFromClient["name"]> = Extract<ControlFromClient, { name: N }>;

/** Why a server ends a client's connections, as it tells it. */
export type DisconnectReason = "NO_HEARTBEAT" | "REPLACED" | "SHUTDOWN";

export class ControlConnection implements WheelEntry, Stranger {
  wheelSlot: number | null = null;
  readonly id: string;
  readonly address: string;
  /** Who is logged in; the desk sets both. */
  player: Player | null = null;
  token: string | null = null;
  readonly #services: Services;
  readonly #line: LineConnection;
  readonly #onBound: () => void;
  #heartbeat: HeartbeatConnection | null = null;
  #tls: TlsConnection | null = null;

  /** `onBound`: another connection of the same client has named this one. */
  constructor(services: Services, line: LineConnection, onBound: () => void) {
    this.#services = services;
    this.#line = line;
    this.#onBound = onBound;
    this.address = line.remoteAddress;
    this.id = services.controls.newId();
    services.controls.add(this);
    services.strangers.add(this);
    services.heartbeats.awaitHeartbeat(this);
  }

  get heartbeat(): HeartbeatConnection | null {
    return this.#heartbeat;
  }

  get tls(): TlsConnection | null {
    return this.#tls;
  }

  get isStranger(): boolean {
    return this.player === null;
  }

  get isOpen(): boolean {
    return this.#line.isOpen;
  }

  get serverAddress(): string {
    return this.#line.localAddress;
  }

  attachHeartbeat(heartbeat: HeartbeatConnection): void {
    this.#onBound();
    this.#heartbeat = heartbeat;
    this.#services.heartbeats.cancel(this);
    this.#services.desk.heartbeatChanged(this);
  }

  detachHeartbeat(heartbeat: HeartbeatConnection): void {
    if (this.#heartbeat !== heartbeat) return;
    this.#heartbeat = null;
    if (!this.#line.isOpen) return;
    this.#services.heartbeats.awaitHeartbeat(this);
    this.#services.desk.heartbeatChanged(this);
  }

  attachTls(tls: TlsConnection): void {
    this.#onBound();
    this.#tls = tls;
  }

  detachTls(tls: TlsConnection): void {
    if (this.#tls === tls) this.#tls = null;
  }

  /** Six intervals without a heartbeat connection. */
  timeIsUp(): void {
    if (this.player) this.loseHeartbeat();
    else this.disconnect("NO_HEARTBEAT");
  }

  loseHeartbeat(): void {
    this.#services.log.heartbeatLost(this.player?.user ?? null, this.address, this.#line.remotePort);
    this.disconnect("NO_HEARTBEAT");
  }

  disconnect(reason: DisconnectReason): void {
    this.send({ name: "disconnect", reason });
    this.#endAll();
  }

  /** It was the heartbeat connection of another one. */
  withdraw(): void {
    this.#services.heartbeats.cancel(this);
    this.#services.controls.delete(this);
    this.#services.strangers.delete(this);
  }

  onClose(): void {
    this.#endAll();
  }

  giveWay(): void {
    this.#line.destroy();
    this.#endAll();
  }

  send(message: ControlFromServer): void {
    this.#line.send(formatMessage(controlFromServer, message));
  }

  refuse(request: string, { code, seconds }: { code: string; seconds?: number | undefined }): void {
    if (!isErrorCode(code)) throw new Error(`no such code: ${code}`);
    this.#line.send(formatError(request, code, seconds));
  }

  onLine(line: string): void | Promise<void> {
    const parsed = parseMessage(controlFromClient, line);
    if (!parsed.ok) return answerUnreadable(this.#line, parsed, this.#services.log);
    const request = parsed.message;
    if (request.name === "list") return this.#show(this.#services.directory.page(request.offset ?? 0));
    if (request.name === "leaders") return this.#show(this.#services.leaderboard.page(request.offset ?? 0));
    if (request.name === "exit") return this.#exit();
    return this.#answerPlayer(request);
  }

  #show(page: string | Promise<string>): void | Promise<void> {
    if (typeof page === "string") return this.#line.send(page);
    return page.then((line) => this.#line.send(line));
  }

  #exit(): void {
    this.send({ name: "exitACK" });
    this.#endAll();
  }

  #answerPlayer(
    request: Exclude<ControlFromClient, Request<"list" | "leaders" | "exit">>,
  ): void | Promise<void> {
    const endpoints =
      request.name === "answer" && request.accepted ? readPeerEndpoints(request.details) : null;
    if (request.name === "answer" && request.accepted && !endpoints) {
      return this.refuse("answer", { code: "BAD_ARGUMENTS" });
    }
    const { player } = this;
    const { desk } = this.#services;
    if (!player) {
      if (request.name.endsWith("ACK") || request.name.endsWith("ERR")) return;
      return this.refuse(request.name, { code: "NOT_LOGGED_IN" });
    }
    switch (request.name) {
      case "begin":
        return desk.perform(desk.lobby.begin(player, request.user));
      case "cancel":
        return desk.perform(desk.lobby.cancel(player, request.user));
      case "inviteACK":
        return desk.perform(desk.lobby.acknowledge(player, request.user));
      case "inviteERR":
        return desk.perform(desk.lobby.refuseInvitation(player, request.user, request.code));
      case "answer":
        if (!endpoints) return desk.perform(desk.lobby.decline(player, request.user));
        if (!isSameUser(endpoints.self, player.user)) {
          return this.refuse("answer", { code: "BAD_ARGUMENTS" });
        }
        return desk.perform(desk.lobby.accept(player, request.user, endpoints));
      case "answerACK":
        return;
      case "logout":
        return this.#logout(player);
      case "playing":
        return this.#rejoin(player, request);
      case "result":
        return this.#report(player, request);
    }
  }

  async #logout(player: Player): Promise<void> {
    const { accounts, desk, log } = this.#services;
    if (desk.lobby.isPlaying(player.user)) return this.refuse("logout", { code: "IN_MATCH" });
    const session = { user: player.user, token: this.token ?? "" };
    const lost = desk.lobby.lossOf(player);
    // Out of the lobby before the disk is waited for, so that no match begins meanwhile.
    desk.leave(this);
    const revoked = await accounts.revoke(session.token);
    if (revoked.ok) {
      log.loggedOut(session.user, this.address);
      return this.send({ name: "logoutACK" });
    }
    // Whoever logged in meanwhile, here or as the same user, stays.
    const isTaken = this.player !== null || desk.lobby.playerNamed(session.user) !== undefined;
    if (!isTaken) void desk.enter(this, session, player.publicKey);
    this.refuse("logout", revoked);
    if (!isTaken) return desk.perform(lost);
  }

  async #rejoin(player: Player, { ticket }: Request<"playing">): Promise<void> {
    const { desk, directory, results } = this.#services;
    const rejoined = await results.rejoin(player.user, ticket);
    if (!rejoined.ok) return this.refuse("playing", rejoined);
    directory.attends(player, rejoined.matchId);
    desk.lobby.attends(player);
    this.send({ name: "playingACK", matchId: rejoined.matchId });
  }

  async #report(player: Player, request: Request<"result">): Promise<void> {
    const { desk, results } = this.#services;
    const reported = await results.report(player.user, request);
    if (!reported.ok) return this.refuse("result", reported);
    const { matchId, outcome, points } = reported;
    desk.lobby.endMatch(player.user, matchId);
    this.send({ name: "resultACK", matchId, outcome, points });
  }

  /** The client's connections end together. */
  #endAll(): void {
    const heartbeat = this.#heartbeat;
    const tls = this.#tls;
    this.#heartbeat = null;
    this.#tls = null;
    this.withdraw();
    this.#services.desk.leave(this);
    this.#line.end();
    heartbeat?.end();
    tls?.end();
  }
}
