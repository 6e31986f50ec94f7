// Tickets of matches that were accepted here, for players whose connection failed before the ticket arrived. They ask for
// it again: the inviter with `begin`, the invitee with the same `answer`.

import { isSameUser } from "../../game/user-name.ts";
import type { PeerEndpoints } from "../../protocol/fields.ts";
import type { Player } from "../directory/player.ts";
import { type Effect, tell } from "./lobby-effects.ts";
import { peerHost } from "./peer-host.ts";

export interface TicketedMatch {
  readonly matchId: string;
  readonly inviter: { readonly user: string; readonly publicKey: string };
  readonly invitee: string;
  readonly ticket: string;
  /** Where the invitee listens. */
  readonly endpoints: PeerEndpoints;
}

export class GivenTickets {
  readonly #byMatch = new Map<string, TicketedMatch>();

  keep(match: TicketedMatch): void {
    this.#byMatch.set(match.matchId, match);
  }

  forget(matchId: string): void {
    this.#byMatch.delete(matchId);
  }

  /** null: there is no ticket for this player. */
  again(matchId: string, inviter: Player, invitee: Player): Effect[] | null {
    const match = this.#byMatch.get(matchId);
    if (!match || match.inviter.publicKey !== inviter.publicKey) return null;
    const isTheirs = isSameUser(match.inviter.user, inviter.user) && isSameUser(match.invitee, invitee.user);
    if (!isTheirs) return null;
    return [tell(inviter, { name: "beginACK", user: invitee.user }), tellInviter(match, inviter, invitee)];
  }
}

export function tellInviter({ endpoints, ticket }: TicketedMatch, inviter: Player, invitee: Player): Effect {
  const { gamePort, pingPort, announcedHost } = endpoints;
  const host = announcedHost ?? peerHost(invitee.address, inviter);
  const details = [host, String(gamePort), String(pingPort), ticket];
  return tell(inviter, { name: "answer", user: invitee.user, accepted: true, details });
}
