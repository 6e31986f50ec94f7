// A control connection stands for one client: it knows the client's heartbeat and TLS connections and who is logged in.
// It answers requests itself; those that involve two players go to the lobby.

import { isSameUser } from "../../game/user-name.ts";
import type { LineConnection } from "../../net/line-connection.ts";
import { formatError, formatMessage, parseMessage } from "../../protocol/codec.ts";
import { isErrorCode } from "../../protocol/errors.ts";
import { type Listening, readPeerEndpoints } from "../../protocol/fields.ts";
import {
  type ControlFromClient,
  type ControlFromServer,
  controlFromClient,
  controlFromServer,
} from "../../protocol/messages.ts";
import type { Accounts } from "../accounts/accounts.ts";
import type { Directory } from "../directory/directory.ts";
import type { Player } from "../directory/player.ts";
import type { EventLog } from "../event-log.ts";
import type { LobbyDesk } from "../lobby/lobby-desk.ts";
import { mayAnnounce } from "../lobby/peer-host.ts";
import type { DisconnectReason, PlayerConnection } from "../lobby/player-connection.ts";
import type { Leaderboard } from "../results/leaderboard.ts";
import type { Results } from "../results/results.ts";
import type { Heartbeats } from "./heartbeat.ts";
import type { WheelEntry } from "./timer-wheel.ts";
import type { UnauthenticatedConnection, UnauthenticatedConnections } from "./unauthenticated-connections.ts";
import { answerUnreadable } from "./unreadable.ts";

type Request<N extends ControlFromClient["name"]> = Extract<ControlFromClient, { name: N }>;

/** What a control connection needs of the rest of the server. */
export interface ControlPorts {
  readonly accounts: Pick<Accounts, "revoke">;
  readonly controls: {
    newId(): string;
    add(control: ControlConnection): void;
    delete(control: ControlConnection): void;
  };
  readonly desk: Pick<LobbyDesk, "lobby" | "enter" | "leave" | "perform" | "heartbeatChanged">;
  readonly directory: Pick<Directory, "page" | "attends">;
  readonly heartbeats: Pick<Heartbeats, "awaitHeartbeat" | "cancel">;
  readonly leaderboard: Pick<Leaderboard, "page">;
  readonly log: Pick<EventLog, "heartbeatLost" | "loggedOut" | "violation">;
  readonly results: Pick<Results, "rejoin" | "report">;
  readonly unauthenticated: Pick<UnauthenticatedConnections, "add" | "delete">;
}

/** Another connection of the same client, which ends with this one. */
interface BoundConnection {
  end(): void;
}

export class ControlConnection implements PlayerConnection, WheelEntry, UnauthenticatedConnection {
  wheelSlot: number | null = null;
  readonly id: string;
  readonly address: string;
  readonly #ports: ControlPorts;
  /** Who is logged in, and by which token. */
  #session: { readonly player: Player; readonly token: string } | null = null;
  readonly #line: LineConnection;
  readonly #onBound: () => void;
  #heartbeat: BoundConnection | null = null;
  #tls: BoundConnection | null = null;

  /** `onBound` is called when another connection of the client is bound to this one. */
  constructor(ports: ControlPorts, line: LineConnection, onBound: () => void) {
    this.#ports = ports;
    this.#line = line;
    this.#onBound = onBound;
    this.address = line.remoteAddress;
    this.id = ports.controls.newId();
    ports.controls.add(this);
    ports.unauthenticated.add(this);
    ports.heartbeats.awaitHeartbeat(this);
  }

  get player(): Player | null {
    return this.#session?.player ?? null;
  }

  get token(): string | null {
    return this.#session?.token ?? null;
  }

  get isUnauthenticated(): boolean {
    return this.#session === null;
  }

  get hasHeartbeat(): boolean {
    return this.#heartbeat !== null;
  }

  get hasTls(): boolean {
    return this.#tls !== null;
  }

  get isOpen(): boolean {
    return this.#line.isOpen;
  }

  get serverAddress(): string {
    return this.#line.localAddress;
  }

  logIn(player: Player, token: string): void {
    this.#session = { player, token };
    this.#ports.unauthenticated.delete(this);
  }

  logOut(): void {
    this.#session = null;
    if (this.isOpen) this.#ports.unauthenticated.add(this);
  }

  attachHeartbeat(heartbeat: BoundConnection): void {
    this.#onBound();
    this.#heartbeat = heartbeat;
    this.#ports.heartbeats.cancel(this);
    this.#ports.desk.heartbeatChanged(this);
  }

  detachHeartbeat(heartbeat: BoundConnection): void {
    if (this.#heartbeat !== heartbeat) return;
    this.#heartbeat = null;
    if (!this.#line.isOpen) return;
    this.#ports.heartbeats.awaitHeartbeat(this);
    this.#ports.desk.heartbeatChanged(this);
  }

  attachTls(tls: BoundConnection): void {
    this.#onBound();
    this.#tls = tls;
  }

  detachTls(tls: BoundConnection): void {
    if (this.#tls === tls) this.#tls = null;
  }

  /** Six intervals without a heartbeat connection. */
  timeIsUp(): void {
    if (this.player) this.loseHeartbeat();
    else this.disconnect("NO_HEARTBEAT");
  }

  loseHeartbeat(): void {
    this.#ports.log.heartbeatLost(this.player?.user ?? null, this.address, this.#line.remotePort);
    this.disconnect("NO_HEARTBEAT");
  }

  disconnect(reason: DisconnectReason): void {
    this.send({ name: "disconnect", reason });
    this.#endAll();
  }

  /** This turned out to be the heartbeat connection of another client. */
  withdraw(): void {
    this.#ports.heartbeats.cancel(this);
    this.#ports.controls.delete(this);
    this.#ports.unauthenticated.delete(this);
  }

  onClose(): void {
    this.#endAll();
  }

  evict(): void {
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
    if (!parsed.ok) return answerUnreadable(this.#line, parsed, this.#ports.log);
    const request = parsed.message;
    if (request.name === "list") return this.#show(this.#ports.directory.page(request.offset ?? 0));
    if (request.name === "leaders") return this.#show(this.#ports.leaderboard.page(request.offset ?? 0));
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
    const isAcceptance = request.name === "answer" && request.accepted;
    const announcedHost = request.name === "begin" ? request.announcedHost : endpoints?.announcedHost;
    const isAnnouncedWell = announcedHost === undefined || mayAnnounce(announcedHost, this.address);
    const isHalf = request.name === "begin" && hasOnePort(request);
    if ((isAcceptance && !endpoints) || isHalf || !isAnnouncedWell) {
      return this.refuse(request.name, { code: "BAD_ARGUMENTS" });
    }
    const session = this.#session;
    const { desk } = this.#ports;
    if (!session) {
      if (request.name.endsWith("ACK") || request.name.endsWith("ERR")) return;
      return this.refuse(request.name, { code: "NOT_LOGGED_IN" });
    }
    const { player } = session;
    switch (request.name) {
      case "begin":
        return desk.perform(desk.lobby.begin(player, request.user, listeningOf(request)));
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
        return this.#logout(session);
      case "playing":
        return this.#rejoin(player, request);
      case "result":
        return this.#report(player, request);
      default:
        request satisfies never;
    }
  }

  async #logout({ player, token }: { player: Player; token: string }): Promise<void> {
    const { accounts, desk, log } = this.#ports;
    const { user } = player;
    if (desk.lobby.isPlaying(user)) return this.refuse("logout", { code: "IN_MATCH" });
    const lost = desk.lobby.lossOf(player);
    // The player leaves the lobby before the store answers, so that no match starts meanwhile.
    desk.leave(this);
    const revoked = await accounts.revoke(token);
    if (revoked.ok) {
      log.loggedOut(user, this.address);
      return this.send({ name: "logoutACK" });
    }
    // A login that succeeded meanwhile, here or of the same user, stands.
    const isTaken = this.player !== null || desk.lobby.playerNamed(user) !== undefined;
    if (!isTaken) void desk.enter(this, { user, token }, player);
    this.refuse("logout", revoked);
    if (!isTaken) return desk.perform(lost);
  }

  async #rejoin(player: Player, { ticket }: Request<"playing">): Promise<void> {
    const { desk, directory, results } = this.#ports;
    const rejoined = await results.rejoin(player.user, ticket);
    if (!rejoined.ok) return this.refuse("playing", rejoined);
    directory.attends(player, rejoined.matchId);
    desk.lobby.attends(player);
    this.send({ name: "playingACK", matchId: rejoined.matchId });
  }

  async #report(player: Player, request: Request<"result">): Promise<void> {
    const { desk, results } = this.#ports;
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
    this.#ports.desk.leave(this);
    this.#line.end();
    heartbeat?.end();
    tls?.end();
  }
}

function hasOnePort({ gamePort, pingPort }: Request<"begin">): boolean {
  return gamePort !== undefined && pingPort === undefined;
}

function listeningOf({ gamePort, pingPort, announcedHost }: Request<"begin">): Listening | undefined {
  if (gamePort === undefined || pingPort === undefined) return undefined;
  return { gamePort, pingPort, announcedHost };
}
