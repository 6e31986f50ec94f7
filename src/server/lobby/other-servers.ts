// The desk's part for the other servers of the game: sends them what concerns their players, and hands what they send
// to the lobby and the results.
import type { Directory, DirectoryListener } from "../directory/directory.ts";
import type { Player } from "../directory/player.ts";
import type { Reply, ServerEvent } from "../directory/server-event.ts";
import type { Results } from "../results/results.ts";
import type { Settled } from "../results/settled.ts";
import { StoreError } from "../store/store.ts";
import type { Lobby } from "./lobby.ts";
import type { Effect } from "./lobby-effects.ts";
import type { PlayerConnections } from "./player-connection.ts";

type Invite = Extract<Effect, { kind: "invite" }>;
type Pass = Extract<Effect, { kind: "pass" }>;

export interface OtherServersOptions {
  controls: PlayerConnections;
  directory: Directory;
  lobby: Lobby;
  results: Results;
  carryOut(effects: Effect[]): void;
  /** Of a match that was settled elsewhere. */
  tellSettled(settled: Settled): void;
}

export class OtherServers implements DirectoryListener {
  readonly #options: OtherServersOptions;
  /** By connection: resolves the wait for the answer to a `cancel` that was passed on. */
  readonly #cancelling = new Map<string, () => void>();

  constructor(options: OtherServersOptions) {
    this.#options = options;
  }

  /** Resolves when a server has received it, or none can. */
  async invite(effect: Invite): Promise<void> {
    const { directory, lobby, carryOut } = this.#options;
    const { kind: _, ...invitation } = effect;
    const server = await directory.sendToUser(effect.invitee, { kind: "begin", ...invitation });
    carryOut(server === null ? lobby.away.undelivered(effect) : lobby.away.delivered(effect, server));
  }

  pass({ request, server, invitation }: Pass): void {
    void this.#options.directory.sendToServer(server, { kind: request, ...invitation });
  }

  /** Resolves when `cancel` is answered or the player has left. */
  cancelAnswered({ connectionId }: Player): Promise<void> {
    return new Promise((resolve) => this.#cancelling.set(connectionId, resolve));
  }

  proceed({ connectionId }: Player): void {
    this.#cancelling.get(connectionId)?.();
    this.#cancelling.delete(connectionId);
  }

  /** To an inviter on another server. */
  async reply(inviter: Player, away: NonNullable<Player["away"]>, reply: Reply): Promise<void> {
    const { directory, lobby, carryOut } = this.#options;
    const { user, connectionId } = inviter;
    const { server, invitationId } = away;
    const event: ServerEvent = { kind: "reply", invitationId, user, connectionId, reply };
    if (!(await directory.sendToServer(server, event))) carryOut(lobby.inviterLeft(inviter));
  }

  onEvent(event: ServerEvent, from: string): void {
    const { lobby, results, carryOut, tellSettled } = this.#options;
    switch (event.kind) {
      case "begin":
        carryOut(lobby.invite(guest(event, from), event.invitee, event.objection, event.listening));
        break;
      case "cancel":
        carryOut(lobby.cancel(guest(event, from), event.invitee));
        break;
      case "inviterLeft":
        carryOut(lobby.inviterLeft(guest(event, from)));
        break;
      case "reply":
        carryOut(lobby.replied(event.invitationId, event.connectionId, event.user, event.reply));
        break;
      case "matchStarted":
        this.#matchStarted(event);
        break;
      case "matchAbandoned": {
        const user = results.elsewhere.abandoned(event.matchId, event.by);
        if (user !== null) lobby.endMatch(user, event.matchId);
        break;
      }
      case "matchSettled":
        tellSettled(results.elsewhere.settled(event.settled));
        break;
      case "dismiss":
        this.dismiss(event.user);
        break;
      default:
        // A newer server may send other kinds.
        event satisfies never;
    }
  }

  onReplaced(connectionId: string): void {
    this.#options.controls.byId(connectionId)?.disconnect("REPLACED");
  }

  /** Ends the connections of a user who is here. */
  dismiss(user: string): void {
    const { controls, lobby } = this.#options;
    const player = lobby.playerNamed(user);
    if (player) controls.byId(player.connectionId)?.disconnect("ENDED");
  }

  /** All other servers take over its matches. */
  onServerGone(server: string): void {
    this.#options.carryOut(this.#options.lobby.serverGone(server));
    void this.reconcile();
  }

  onGap(): void {
    this.#options.carryOut(this.#options.lobby.serverGone(null));
    void this.reconcile();
  }

  /** Finds matches that were started or settled elsewhere without this server being told. */
  async reconcile(): Promise<void> {
    const { lobby, results } = this.#options;
    try {
      await results.elsewhere.reconcile();
    } catch (error) {
      // The store does not answer either; each match is checked again when its time is up.
      if (!(error instanceof StoreError)) throw error;
    }
    for (const { matchId, playing } of results.openMatches())
      for (const user of playing) if (!lobby.isPlaying(user)) lobby.setMatch(user, matchId);
  }

  #matchStarted({ ticket, connectionIds }: Extract<ServerEvent, { kind: "matchStarted" }>): void {
    const { directory, lobby, results } = this.#options;
    const match = results.elsewhere.started(ticket);
    if (!match) return;
    for (const user of [match.inviter, match.invitee]) {
      lobby.setMatch(user, match.matchId);
      const player = lobby.playerNamed(user);
      if (!player) continue;
      if (connectionIds.includes(player.connectionId)) directory.attends(player, match.matchId);
      // The ticket went to another connection of the user, so this one has to rejoin with `playing`.
      else results.seen(user);
    }
  }
}

function guest({ inviter, invitationId }: { inviter: Player; invitationId: number }, server: string): Player {
  return { ...inviter, away: { server, invitationId } };
}
