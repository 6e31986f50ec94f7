// Carries out what the lobby decides: delivers messages, runs its timers, has matches stored. Tells the directory and
// the results who logged in and out.
import type { Clock } from "../../shared/clock/clock.ts";
import type { Directory } from "../directory/directory.ts";
import type { Player } from "../directory/player.ts";
import type { EventLog } from "../event-log.ts";
import type { GrowthLimits } from "../growth-limits.ts";
import type { Results } from "../results/results.ts";
import type { Settled } from "../results/settled.ts";
import { Lobby } from "./lobby.ts";
import type { Effect } from "./lobby-effects.ts";
import { OtherServers } from "./other-servers.ts";
import type { PlayerConnection, PlayerConnections } from "./player-connection.ts";

type StartMatch = Extract<Effect, { kind: "startMatch" }>;
type FindTicket = Extract<Effect, { kind: "findTicket" }>;
type Said = Extract<Effect, { kind: "tell" | "refuse" }>;

export interface LobbyDeskOptions {
  clock: Clock;
  controls: PlayerConnections;
  directory: Directory;
  /** Counts a match of both, or returns in how many seconds they may play one. */
  growth?: Pick<GrowthLimits, "match"> | null;
  log: Pick<EventLog, "limited" | "matchStarted" | "matchEnded">;
  results: Results;
}

export class LobbyDesk {
  readonly lobby: Lobby;
  readonly #options: LobbyDeskOptions;
  readonly otherServers: OtherServers;
  readonly #stopTimers = new Map<number, () => void>();

  constructor(options: LobbyDeskOptions) {
    this.#options = options;
    this.lobby = new Lobby(() => options.clock.nowMs(), options.directory);
    // The players of matches that were open when the last run ended are still playing.
    for (const { matchId, playing } of options.results.openMatches()) {
      for (const user of playing) this.lobby.setMatch(user, matchId);
    }
    const { controls, directory, results } = options;
    this.otherServers = new OtherServers({
      controls,
      directory,
      results,
      lobby: this.lobby,
      carryOut: (effects) => this.#carryOut(effects),
      tellSettled: (settled) => this.tellSettled(settled),
    });
  }

  /** Logs a user in on `control`, if it is open. Resolves when all servers can find the player. */
  enter(
    control: PlayerConnection,
    session: { user: string; token: string },
    { publicKey, knowsDisputes }: Pick<Player, "publicKey" | "knowsDisputes">,
  ): void | Promise<void> {
    if (!control.isOpen) return;
    this.leave(control);
    const { id: connectionId, address, serverAddress } = control;
    const { user } = session;
    const player = { user, connectionId, publicKey, knowsDisputes, address, serverAddress };
    control.logIn(player, session.token);
    this.#carryOut(this.lobby.enter(player));
    this.#options.results.seen(player.user);
    this.heartbeatChanged(control);
    return this.#options.directory.announced(player);
  }

  /** Logs the user out, if anybody is logged in on `control`. */
  leave(control: PlayerConnection): void {
    const { player } = control;
    if (!player) return;
    control.logOut();
    this.#carryOut(this.lobby.leave(player));
    this.otherServers.proceed(player);
    if (!this.lobby.playerNamed(player.user)) this.#options.results.unseen(player.user);
  }

  heartbeatChanged(control: PlayerConnection): void {
    if (control.player) this.lobby.setHeartbeat(control.player, control.hasHeartbeat);
  }

  /** A match got its outcome, or a different one than before. */
  settle(settled: Settled): void {
    const { matchId, inviter, invitee, outcome } = settled;
    this.#options.log.matchEnded({ matchId, inviter, invitee, outcome });
    this.#options.directory.sendToAll({ kind: "matchSettled", settled });
    this.tellSettled(settled);
  }

  tellSettled({ matchId, inviter, invitee, toTell }: Settled): void {
    for (const user of [inviter, invitee]) this.lobby.endMatch(user, matchId);
    for (const { user, outcome: own, points } of toTell) {
      const player = this.lobby.playerNamed(user);
      if (player) this.#controlOf(player)?.send({ name: "settled", matchId, outcome: own, points });
    }
  }

  /** When the answer takes time, resolves once the request that had these effects is answered. */
  perform(effects: Effect[]): void | Promise<void> {
    this.#carryOut(effects);
    for (const effect of effects) {
      if (effect.kind === "startMatch") return this.#startMatch(effect);
      if (effect.kind === "invite") return this.otherServers.invite(effect);
      if (effect.kind === "pass" && effect.request === "cancel")
        return this.otherServers.cancelAnswered(effect.invitation.inviter);
    }
  }

  stop(): void {
    for (const stop of this.#stopTimers.values()) stop();
    this.#stopTimers.clear();
  }

  #carryOut(effects: Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "tell":
        case "refuse":
          this.#say(effect);
          break;
        case "pass":
          this.otherServers.pass(effect);
          break;
        case "replace":
          this.#controlOf(effect.player)?.disconnect("REPLACED");
          break;
        case "armTimer":
          this.#armTimer(effect.invitationId, effect.afterMs);
          break;
        case "disarmTimer":
          this.#disarmTimer(effect.invitationId);
          break;
        case "attend":
          void this.#attend(effect.player, effect.ticket);
          break;
        case "findTicket":
          this.#findTicket(effect);
          break;
        case "startMatch":
        case "invite":
          // The request waits for these: see `perform`.
          break;
        default:
          effect satisfies never;
      }
    }
  }

  #say(effect: Said): void {
    const { to, ...reply } = effect;
    if (to.away) return void this.otherServers.reply(to, to.away, reply);
    const control = this.#controlOf(to);
    if (effect.kind === "tell") control?.send(effect.message);
    else control?.refuse(effect.request, effect);
    const isCancelAnswered =
      effect.kind === "tell" ? effect.message.name === "cancelACK" : effect.request === "cancel";
    if (isCancelAnswered) this.otherServers.proceed(to);
  }

  async #startMatch({ invitationId, inviter, invitee, hasDisputes }: StartMatch): Promise<void> {
    const { directory, growth, log, results } = this.#options;
    const seconds = growth?.match(inviter.user, invitee.user) ?? null;
    if (seconds !== null) {
      log.limited("a match", this.lobby.playerNamed(invitee.user)?.address ?? "", seconds);
      return this.#carryOut(this.lobby.matchFailed(invitationId, seconds));
    }
    const started = await results.startMatch({
      inviter: inviter.user,
      inviterKey: inviter.publicKey,
      invitee: invitee.user,
      inviteeKey: invitee.publicKey,
      hasDisputes,
    });
    if (!started.ok) return this.#carryOut(this.lobby.matchFailed(invitationId, started.seconds));
    log.matchStarted(started.matchId, inviter.user, invitee.user);
    // A player who reconnected meanwhile will not get the ticket, and has to rejoin the match with `playing`.
    const { matchId, ticket } = started;
    for (const { user, connectionId } of [inviter, invitee]) {
      const player = this.lobby.playerNamed(user);
      if (player?.connectionId === connectionId) directory.attends(player, matchId);
      else if (player) results.seen(user);
    }
    const connectionIds = [inviter.connectionId, invitee.connectionId];
    directory.sendToAll({ kind: "matchStarted", ticket, connectionIds });
    this.#carryOut(this.lobby.matchStarted(invitationId, matchId, ticket));
  }

  #findTicket({ matchId, invitee, inviterName, endpoints }: FindTicket): void {
    const { user, publicKey } = invitee;
    const found = this.#options.results.ticketFor(matchId, { user, publicKey, inviter: inviterName });
    const match = found && { ...found, matchId, invitee: user, endpoints };
    this.#carryOut(this.lobby.ticketFound(invitee, match));
  }

  async #attend(player: Player, ticket: string): Promise<void> {
    const rejoined = await this.#options.results.rejoin(player.user, ticket);
    if (rejoined.ok) this.#options.directory.attends(player, rejoined.matchId);
  }

  #armTimer(invitationId: number, afterMs: number): void {
    this.#disarmTimer(invitationId);
    const stop = this.#options.clock.after(afterMs, () => {
      this.#stopTimers.delete(invitationId);
      this.#carryOut(this.lobby.timeIsUp(invitationId));
    });
    this.#stopTimers.set(invitationId, stop);
  }

  #disarmTimer(invitationId: number): void {
    this.#stopTimers.get(invitationId)?.();
    this.#stopTimers.delete(invitationId);
  }

  #controlOf(player: Player): PlayerConnection | undefined {
    return this.#options.controls.byId(player.connectionId);
  }
}
