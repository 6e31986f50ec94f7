// The lobby's edge: carries out what it decides — delivers messages, keeps its timers, has matches put on disk —
// and tells the other halves of the server who came and went.
import type { Clock, Timer } from "../clock.ts";
import type { ControlConnection } from "../connections/control-connection.ts";
import type { ControlConnections } from "../connections/control-connections.ts";
import type { Strangers } from "../connections/strangers.ts";
import type { Directory } from "../directory/directory.ts";
import type { EventLog } from "../event-log.ts";
import type { Results, Settled } from "../results/results.ts";
import { Lobby } from "./lobby.ts";
import type { Effect, Player } from "./lobby-effects.ts";

type StartMatch = Extract<Effect, { kind: "startMatch" }>;

export interface LobbyDeskOptions {
  clock: Clock;
  controls: ControlConnections;
  directory: Directory;
  log: EventLog;
  results: Results;
  strangers: Strangers;
}

export class LobbyDesk {
  readonly lobby: Lobby;
  readonly #options: LobbyDeskOptions;
  readonly #timers = new Map<number, Timer>();

  constructor(options: LobbyDeskOptions) {
    this.#options = options;
    this.lobby = new Lobby(() => options.clock.nowMs(), options.directory);
    // Those who were playing when the last run ended still are.
    for (const { matchId, playing } of options.results.openMatches()) {
      for (const user of playing) this.lobby.setMatch(user, matchId);
    }
  }

  /** `control` is logged in; it must be able to hear so. */
  enter(control: ControlConnection, session: { user: string; token: string }, publicKey?: string): void {
    if (!control.isOpen) return;
    this.leave(control);
    const { address, serverAddress } = control;
    const player = { user: session.user, connectionId: control.id, publicKey, address, serverAddress };
    control.player = player;
    this.#options.strangers.delete(control);
    control.token = session.token;
    this.#carryOut(this.lobby.enter(player));
    this.#options.results.seen(player.user);
    this.heartbeatChanged(control);
  }

  /** Logged out or gone, if anyone was logged in. */
  leave(control: ControlConnection): void {
    const { player } = control;
    if (!player) return;
    control.player = null;
    control.token = null;
    if (control.isOpen) this.#options.strangers.add(control);
    this.#carryOut(this.lobby.leave(player));
    if (!this.lobby.playerNamed(player.user)) this.#options.results.unseen(player.user);
  }

  heartbeatChanged(control: ControlConnection): void {
    if (control.player) this.lobby.setHeartbeat(control.player, control.heartbeat !== null);
  }

  /** A match got its outcome, or another one than before. */
  settle({ matchId, inviter, invitee, outcome, toTell }: Settled): void {
    this.#options.log.matchEnded({ matchId, inviter, invitee, outcome });
    for (const user of [inviter, invitee]) this.lobby.endMatch(user, matchId);
    for (const { user, outcome: own, points } of toTell) {
      const player = this.lobby.playerNamed(user);
      if (player) this.#controlOf(player)?.send({ name: "settled", matchId, outcome: own, points });
    }
  }

  /** Resolves, where there is something to wait for, once the request that had these effects is answered. */
  perform(effects: Effect[]): void | Promise<void> {
    const start = effects.find((effect) => effect.kind === "startMatch");
    this.#carryOut(effects);
    if (start) return this.#startMatch(start);
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }

  #carryOut(effects: Effect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "tell":
          this.#controlOf(effect.to)?.send(effect.message);
          break;
        case "refuse":
          this.#controlOf(effect.to)?.refuse(effect.request, effect);
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
      }
    }
  }

  async #startMatch({ invitationId, inviter, invitee }: StartMatch): Promise<void> {
    const { log, results } = this.#options;
    const started = await results.startMatch({
      inviter: inviter.user,
      inviterKey: inviter.publicKey,
      invitee: invitee.user,
      inviteeKey: invitee.publicKey,
    });
    if (!started.ok) return this.#carryOut(this.lobby.matchFailed(invitationId, started.seconds));
    log.matchStarted(started.matchId, inviter.user, invitee.user);
    // Who came anew meanwhile will never see the ticket, and has to ask for the match like any that came later.
    for (const { user, connectionId } of [inviter, invitee]) {
      const player = this.lobby.playerNamed(user);
      if (player && player.connectionId !== connectionId) results.seen(user);
    }
    this.#carryOut(this.lobby.matchStarted(invitationId, started.matchId, started.ticket));
  }

  #armTimer(invitationId: number, afterMs: number): void {
    this.#disarmTimer(invitationId);
    const timer = this.#options.clock.setTimer(afterMs, () => {
      this.#timers.delete(invitationId);
      this.#carryOut(this.lobby.timeIsUp(invitationId));
    });
    this.#timers.set(invitationId, timer);
  }

  #disarmTimer(invitationId: number): void {
    this.#timers.get(invitationId)?.cancel();
    this.#timers.delete(invitationId);
  }

  #controlOf(player: Player): ControlConnection | undefined {
    return this.#options.controls.byId(player.connectionId);
  }
}
