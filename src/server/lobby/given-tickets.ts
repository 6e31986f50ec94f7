// Tickets of matches that were accepted here, for players whose connection failed before the ticket arrived. They ask for
// it again: the inviter with `begin`, the invitee with the same `answer`.

import { isSameUser } from "../../game/user-name.ts";
import type { Listening, PeerEndpoints } from "../../protocol/fields.ts";
import type { Player } from "../directory/player.ts";
import { bothKnowDisputes, type Effect, tell } from "./lobby-effects.ts";
import { type ControlEnds, peerHost } from "./peer-host.ts";

export interface TicketedMatch {
  readonly matchId: string;
  readonly inviter: { readonly user: string; readonly publicKey: string };
  readonly invitee: string;
  readonly ticket: string;
  /** Where the invitee listens. */
  readonly endpoints: PeerEndpoints;
  /** Where the inviter listens, if it does and this server knows it. */
  readonly inviterPlace: (Listening & ControlEnds) | null;
}

export class GivenTickets {
  readonly #byMatch = new Map<string, TicketedMatch>();

  keep(match: TicketedMatch): void {
    this.#byMatch.set(match.matchId, match);
  }

  /** Where the inviter of that match listens, if it is known here. */
  inviterPlace(matchId: string): TicketedMatch["inviterPlace"] {
    return this.#byMatch.get(matchId)?.inviterPlace ?? null;
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
    const disputes = bothKnowDisputes(inviter, invitee);
    return [
      tell(inviter, { name: "beginACK", user: invitee.user, disputes }),
      tellInviter(match, inviter, invitee),
    ];
  }
}

export function tellInviter({ endpoints, ticket }: TicketedMatch, inviter: Player, invitee: Player): Effect {
  const { gamePort, pingPort, announcedHost } = endpoints;
  const host = peerHost({ address: invitee.address, announcedHost }, inviter);
  const details = [host, String(gamePort), String(pingPort), ticket];
  return tell(inviter, { name: "answer", user: invitee.user, accepted: true, details });
}

export function tellInvitee({ inviter, inviterPlace, ticket }: TicketedMatch, invitee: Player): Effect {
  const answer = { name: "answerACK", user: inviter.user, ticket } as const;
  if (!inviterPlace) return tell(invitee, answer);
  const { gamePort, pingPort } = inviterPlace;
  return tell(invitee, { ...answer, host: peerHost(inviterPlace, invitee), gamePort, pingPort });
}
