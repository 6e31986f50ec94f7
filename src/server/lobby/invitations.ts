// The open invitations: at most one per player, made or received. Only a registry; lobby.ts has the rules.

import { isSameUser, userKey } from "../../game/user-name.ts";
import type { Listening, PeerEndpoints } from "../../protocol/fields.ts";
import type { Player } from "../directory/player.ts";

/** How long an invitee's client may take to acknowledge, and an invitation to be answered (docs/PROTOCOL.md §5). */
export const REPLY_LIMIT_MS = 5_000;
export const INVITATION_LIMIT_MS = 30_000;

export interface Invitation {
  readonly id: number;
  readonly inviter: Player;
  readonly invitee: Player;
  /** Where the inviter listens too, if it does. */
  readonly listening: Listening | undefined;
  readonly expiresAtMs: number;
  /** Whether the invitee's client has acknowledged it, and so `begin` is answered. */
  isAcknowledged: boolean;
  /** Where the invitee listens, once accepted. From then on only the start of the match ends the invitation. */
  acceptance: PeerEndpoints | null;
  /** An inviter on another server has left since it was accepted. */
  isInviterGone: boolean;
}

export class Invitations {
  readonly #byUser = new Map<string, Invitation>();
  readonly #byId = new Map<number, Invitation>();
  #lastId = 0;

  open(inviter: Player, invitee: Player, listening: Listening | undefined, expiresAtMs: number): Invitation {
    const id = this.newId();
    const invitation = {
      id,
      inviter,
      invitee,
      listening,
      expiresAtMs,
      isAcknowledged: false,
      acceptance: null,
      isInviterGone: false,
    };
    this.#byId.set(id, invitation);
    this.#byUser.set(userKey(inviter.user), invitation);
    this.#byUser.set(userKey(invitee.user), invitation);
    return invitation;
  }

  newId(): number {
    return ++this.#lastId;
  }

  /** Those that were made on that server; null: on any other. */
  fromServer(server: string | null): Invitation[] {
    return [...this.#byId.values()].filter(
      ({ inviter: { away } }) => away && (server === null || away.server === server),
    );
  }

  close(invitation: Invitation): void {
    this.#byId.delete(invitation.id);
    for (const { user } of [invitation.inviter, invitation.invitee])
      if (this.of(user) === invitation) this.#byUser.delete(userKey(user));
  }

  byId(id: number): Invitation | undefined {
    return this.#byId.get(id);
  }

  /** The one that the user made or received. */
  of(user: string): Invitation | undefined {
    return this.#byUser.get(userKey(user));
  }

  /** The one that `inviter` made to `invitee` and that waits for its answer. */
  between(inviter: string, invitee: string): Invitation | undefined {
    const invitation = this.of(inviter);
    if (!invitation || invitation.acceptance) return undefined;
    const isTheirs =
      isSameUser(invitation.inviter.user, inviter) && isSameUser(invitation.invitee.user, invitee);
    return isTheirs ? invitation : undefined;
  }
}
